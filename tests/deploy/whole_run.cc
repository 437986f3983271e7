#include "tests/deploy/whole_run.h"

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/run_config.h"
#include "selfplay/metrics.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"

namespace testing_support {
namespace {

using selfplay::ExperienceStore;
using selfplay::History;
using selfplay::Pair;
using selfplay::StoreCounts;
using selfplay::StoredEpisode;

constexpr int kAll = std::numeric_limits<int>::max();

using Log = std::vector<StoredEpisode>;
using Histories = std::map<Pair, History>;

absl::Status CheckSequences(const Log& log) {
  std::set<std::string> ids;
  int64_t last = 0;
  for (const StoredEpisode& stored : log) {
    if (stored.sequence != ++last) {
      return absl::DataLossError(absl::StrCat(
          "episode ", stored.episode.id, " has sequence ", stored.sequence,
          ", but is number ", last, " of the log"));
    }
    if (!ids.insert(stored.episode.id).second) {
      return absl::DataLossError(
          absl::StrCat("episode ", stored.episode.id, " is there twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCounts(const Log& log, const StoreCounts& counts) {
  int64_t steps = 0;
  for (const StoredEpisode& stored : log) {
    steps += static_cast<int64_t>(stored.episode.encode.steps.size());
  }
  const auto episodes = static_cast<int64_t>(log.size());
  if (counts.episodes == episodes && counts.kept_episodes == episodes &&
      counts.steps == steps && counts.tickets >= episodes &&
      counts.refused == 0) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "counted ", counts.episodes, " episodes, ", counts.kept_episodes,
      " kept, ", counts.refused, " refused, ", counts.steps, " steps, ",
      counts.tickets, " tickets; the log has ", episodes, " episodes, ", steps,
      " steps"));
}

// The averages that the log leads to.
absl::StatusOr<Histories> Replay(
    const Log& log, const selfplay::SelfCompetitionConfig& config) {
  Histories histories;
  for (const StoredEpisode& stored : log) {
    History& history = histories[stored.episode.pair];
    const double reward = Reward(history, stored.episode.outcome, config);
    if (stored.reward != reward) {
      return absl::DataLossError(absl::StrCat("episode ", stored.episode.id,
                                              " has reward ", stored.reward,
                                              "; by the log it is ", reward));
    }
    history = Updated(history, stored.episode.outcome, config);
  }
  return histories;
}

bool IsSame(const History& a, const History& b) {
  return a.quality == b.quality && a.overshoot == b.overshoot &&
         a.episodes == b.episodes;
}

absl::Status CheckHistories(const Histories& stored,
                            const Histories& replayed) {
  for (const auto& [pair, history] : replayed) {
    const auto it = stored.find(pair);
    if (it == stored.end() || !IsSame(it->second, history)) {
      return absl::DataLossError(absl::StrCat(
          "the averages of ", pair.clip, " at ", pair.target_bitrate_kbps,
          " kbit/s are not those of the log"));
    }
  }
  if (stored.size() == replayed.size()) return absl::OkStatus();
  return absl::DataLossError("there are averages of what is not in the log");
}

// A worker tells of an episode as soon as it was acknowledged.
absl::Status CheckAcknowledged(const Log& log, ExperienceStore& store) {
  std::set<std::string> ids;
  for (const StoredEpisode& stored : log) ids.insert(stored.episode.id);
  const auto lines = store.Metrics(selfplay::WorkerMetrics::kRole, kAll);
  if (!lines.ok()) return lines.status();
  for (const selfplay::MetricsLine& line : *lines) {
    const auto metrics = selfplay::ToWorkerMetrics(line);
    if (!metrics.ok()) return metrics.status();
    if (!ids.contains(metrics->episode)) {
      return absl::DataLossError(absl::StrCat("episode ", metrics->episode,
                                              " was acknowledged and is lost"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckWhole(ExperienceStore& store) {
  const auto config = cli::ReadRunConfig(store);
  if (!config.ok()) return config.status();
  const auto log = store.EpisodesAfter(0, kAll);
  if (!log.ok()) return log.status();
  const auto counts = store.Counts();
  if (!counts.ok()) return counts.status();
  const auto histories = store.Histories();
  if (!histories.ok()) return histories.status();
  absl::Status status = CheckSequences(*log);
  if (status.ok()) status = CheckCounts(*log, *counts);
  if (status.ok()) status = CheckAcknowledged(*log, store);
  if (!status.ok()) return status;
  const auto replayed = Replay(*log, config->self_competition);
  if (!replayed.ok()) return replayed.status();
  return CheckHistories(*histories, *replayed);
}

}  // namespace testing_support
