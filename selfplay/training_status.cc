#include "selfplay/training_status.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "selfplay/episode_log.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/run_end.h"
#include "selfplay/training_curves.h"

namespace selfplay {
namespace {

using Json = nlohmann::ordered_json;

// ---- Reading ----

// A setting as a number; nothing if it is not there, or none.
absl::StatusOr<std::optional<double>> NumberSetting(ExperienceStore& store,
                                                    const char* name) {
  const auto text = store.Setting(name);
  if (!text.ok()) return text.status();
  double number = 0;
  if (!*text || !absl::SimpleAtod(**text, &number)) return std::nullopt;
  return std::optional<double>(number);
}

absl::Status ReadRecords(ExperienceStore& store, TrainingStatus& status) {
  const auto learner = store.Metrics(LearnerMetrics::kRole, 1);
  if (!learner.ok()) return learner.status();
  for (const MetricsLine& line : *learner) {
    const auto record = ToLearnerMetrics(line);
    if (record.ok()) status.learner = *record;
  }
  const auto evaluations =
      store.Metrics(EvaluationMetrics::kRole, std::numeric_limits<int>::max());
  if (!evaluations.ok()) return evaluations.status();
  for (const MetricsLine& line : *evaluations) {
    const auto record = ToEvaluationMetrics(line);
    if (!record.ok()) continue;
    status.evaluation = *record;
    if (record->is_best) status.best = *record;
  }
  return absl::OkStatus();
}

absl::Status ReadTimes(ExperienceStore& store, TrainingStatus& status) {
  const auto started_at = NumberSetting(store, kStartedAtSetting);
  if (!started_at.ok()) return started_at.status();
  const auto max_episodes = NumberSetting(store, kMaxEpisodesSetting);
  if (!max_episodes.ok()) return max_episodes.status();
  if (*started_at) {
    double now = std::max(**started_at, status.recent.last_stored_at);
    if (status.learner) now = std::max(now, status.learner->time);
    if (status.evaluation) now = std::max(now, status.evaluation->time);
    status.elapsed_seconds = now - **started_at;
  }
  const auto finished_at = NumberSetting(store, kFinishedAtSetting);
  if (!finished_at.ok()) return finished_at.status();
  status.finished_at = *finished_at;
  if (!*max_episodes || !(**max_episodes >= 0 && **max_episodes < 1e15)) {
    return absl::OkStatus();
  }
  status.max_episodes = static_cast<int64_t>(**max_episodes);
  if (status.finished_at || !status.recent.encodes_per_hour) {
    return absl::OkStatus();
  }
  const int64_t left =
      std::max<int64_t>(0, *status.max_episodes - status.counts.episodes);
  status.seconds_left =
      3600 * static_cast<double>(left) / *status.recent.encodes_per_hour;
  return absl::OkStatus();
}

// ---- Writing ----

Json OrNull(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

template <typename Metrics>
Json RecordOrNull(const std::optional<Metrics>& record) {
  return record ? Json::parse(ToLine(*record).json) : Json();
}

// "1,234,567".
std::string Thousands(int64_t number) {
  const std::string digits = absl::StrCat(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string Percent(const std::optional<double>& share, int digits) {
  if (!share) return "-";
  return absl::StrFormat("%.*f %%", digits, 100 * *share);
}

std::string SignedPercent(double percent) {
  if (!std::isfinite(percent)) return "none";
  return absl::StrFormat("%+.2f %%", percent);
}

// "12 s", "5 min", "3 h 07 min".
std::string Duration(const std::optional<double>& seconds) {
  if (!seconds || !(*seconds < 1e12)) return "-";
  const auto total = static_cast<int64_t>(*seconds);
  if (total < 60) return absl::StrFormat("%d s", total);
  if (total < 3600) return absl::StrFormat("%d min", total / 60);
  return absl::StrFormat("%d h %02d min", total / 3600, total / 60 % 60);
}

std::string Rate(const std::optional<double>& per_hour) {
  if (!per_hour) return "-";
  return absl::StrFormat(
      "%s encodes/h (%.2f/s)",
      Thousands(static_cast<int64_t>(std::llround(*per_hour))),
      *per_hour / 3600);
}

std::string Line(absl::string_view title, absl::string_view text) {
  return absl::StrFormat("%-11s %s\n", title, text);
}

std::string EpisodesText(const TrainingStatus& status) {
  std::string text = Thousands(status.counts.episodes);
  if (status.max_episodes) {
    absl::StrAppend(&text, " of ", Thousands(*status.max_episodes));
  }
  if (status.finished_at) absl::StrAppend(&text, ", finished");
  if (status.counts.refused > 0) {
    absl::StrAppend(&text, ", ", Thousands(status.counts.refused), " refused");
  }
  return text;
}

std::string TimeText(const TrainingStatus& status) {
  return absl::StrCat(Rate(status.recent.encodes_per_hour), ", elapsed ",
                      Duration(status.elapsed_seconds), ", left ",
                      Duration(status.seconds_left));
}

std::string RecentText(const EpisodeSummary& recent) {
  return absl::StrCat("won ", Percent(recent.win_rate, 1), ", within +1 % ",
                      Percent(recent.share_on_target, 1), ", mean overshoot ",
                      Percent(recent.mean_overshoot, 2));
}

std::string LossText(const LearnerMetrics& learner) {
  std::string text =
      absl::StrFormat("%.4g: policy %.4g, value %.4g", learner.loss,
                      learner.policy_loss, learner.value_loss);
  for (const auto& [head, loss] : learner.auxiliary_losses) {
    absl::StrAppendFormat(&text, "\n%12s%s %.4g", "", head, loss);
  }
  return text;
}

std::string LearnerText(const LearnerMetrics& learner) {
  return absl::StrFormat("%.1f samples/s, %.2f drawn for each put in, busy %s",
                         learner.samples_per_second, learner.samples_per_insert,
                         Percent(learner.busy_share, 0));
}

std::string ReplayText(const LearnerMetrics& learner) {
  return absl::StrCat(Thousands(learner.replay_episodes), " episodes, ",
                      Thousands(learner.replay_steps), " steps, ",
                      Duration(learner.replay_age_seconds), " old on average");
}

std::string EvaluationText(const EvaluationMetrics& evaluation) {
  return absl::StrFormat("BD-rate %s, %s over +2 %%, weights %d, at episode %s",
                         SignedPercent(evaluation.bd_rate_percent),
                         Percent(evaluation.share_over_2pct, 0),
                         evaluation.weights_version,
                         Thousands(evaluation.episodes));
}

}  // namespace

absl::StatusOr<TrainingStatus> ReadTrainingStatus(ExperienceStore& store) {
  const auto counts = store.Counts();
  if (!counts.ok()) return counts.status();
  const auto log = ReadEpisodeLog(store, kRecentEpisodes);
  if (!log.ok()) return log.status();
  TrainingStatus status = {.counts = *counts, .recent = Summarize(*log, {})};
  if (absl::Status read = ReadRecords(store, status); !read.ok()) return read;
  if (absl::Status read = ReadTimes(store, status); !read.ok()) return read;
  return status;
}

std::string StatusJson(const TrainingStatus& status) {
  const EpisodeSummary& recent = status.recent;
  const Json json = {
      {"episodes", status.counts.episodes},
      {"learner_step", status.learner ? status.learner->learner_step : 0},
      {"weights_version", status.counts.weights_version},
      {"encodes_per_hour", OrNull(recent.encodes_per_hour)},
      {"win_rate", OrNull(recent.win_rate)},
      {"share_on_target", OrNull(recent.share_on_target)},
      {"mean_overshoot", OrNull(recent.mean_overshoot)},
      {"recent_episodes", recent.episodes},
      {"kept_episodes", status.counts.kept_episodes},
      {"refused", status.counts.refused},
      {"elapsed_seconds", OrNull(status.elapsed_seconds)},
      {"max_episodes",
       status.max_episodes ? Json(*status.max_episodes) : Json()},
      {"seconds_left", OrNull(status.seconds_left)},
      {"finished_at", OrNull(status.finished_at)},
      {"learner", RecordOrNull(status.learner)},
      {"evaluation", RecordOrNull(status.evaluation)},
      {"best", RecordOrNull(status.best)},
  };
  return json.dump(2);
}

std::string StatusText(const TrainingStatus& status) {
  std::string text = Line("episodes", EpisodesText(status));
  absl::StrAppend(
      &text, Line("speed", TimeText(status)),
      Line("weights",
           absl::StrCat(
               "version ", status.counts.weights_version, ", step ",
               Thousands(status.learner ? status.learner->learner_step : 0))),
      Line(absl::StrCat("last ", status.recent.episodes),
           RecentText(status.recent)));
  if (status.learner) {
    absl::StrAppend(&text, Line("loss", LossText(*status.learner)),
                    Line("learner", LearnerText(*status.learner)),
                    Line("replay", ReplayText(*status.learner)));
  }
  if (status.evaluation) {
    absl::StrAppend(&text,
                    Line("evaluation", EvaluationText(*status.evaluation)));
  }
  if (status.best) {
    absl::StrAppend(&text, Line("best", EvaluationText(*status.best)));
  }
  return text;
}

}  // namespace selfplay
