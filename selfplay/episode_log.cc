#include "selfplay/episode_log.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"

namespace selfplay {
namespace {

constexpr int kPiece = 64;  // Episodes; some 10 MB.

LoggedEpisode Log(const StoredEpisode& stored) {
  return {.sequence = stored.sequence,
          .stored_at = stored.stored_at,
          .pair = stored.episode.pair,
          .reward = stored.reward,
          .outcome = stored.episode.outcome,
          .bits_fraction = stored.episode.encode.outcome.bits_fraction};
}

// An episode had a history unless it is its pair's first ever.
void FindHistories(const std::map<Pair, History>& histories,
                   std::vector<LoggedEpisode>& log) {
  std::map<Pair, int64_t> earlier;  // Episodes before the log.
  for (const auto& [pair, history] : histories) {
    earlier[pair] = history.episodes;
  }
  for (const LoggedEpisode& episode : log) --earlier[episode.pair];
  for (LoggedEpisode& episode : log) {
    episode.has_history = earlier[episode.pair]++ > 0;
  }
}

}  // namespace

absl::StatusOr<std::vector<LoggedEpisode>> ReadEpisodeLog(
    ExperienceStore& store, int64_t limit) {
  const absl::StatusOr<StoreCounts> counts = store.Counts();
  if (!counts.ok()) return counts.status();
  std::vector<LoggedEpisode> log;
  int64_t last = std::max<int64_t>(0, counts->episodes - limit);
  // What is stored meanwhile is left out.
  while (last < counts->episodes) {
    const auto piece = store.EpisodesAfter(last, kPiece);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) break;
    for (const StoredEpisode& stored : *piece) {
      if (stored.sequence <= counts->episodes) log.push_back(Log(stored));
    }
    last = piece->back().sequence;
  }
  const auto histories = store.Histories();
  if (!histories.ok()) return histories.status();
  FindHistories(*histories, log);
  return log;
}

}  // namespace selfplay
