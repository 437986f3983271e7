#ifndef SELFPLAY_TRAINING_STATUS_H_
#define SELFPLAY_TRAINING_STATUS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/training_curves.h"

namespace selfplay {

// Setting in the store with the run's configuration.
inline constexpr char kConfigSetting[] = "config";

// Settings in the store that a status looks at, as decimal numbers: seconds
// since 1970 when the run began, and after how many episodes it is to end.
inline constexpr char kStartedAtSetting[] = "started_at";
inline constexpr char kMaxEpisodesSetting[] = "max_episodes";

// How far a training run has come, by its store alone.  Nothing: not known, or
// not yet.
struct TrainingStatus {
  StoreCounts counts;
  EpisodeSummary recent;                  // Of the newest kRecentEpisodes.
  std::optional<LearnerMetrics> learner;  // Newest record.
  std::optional<EvaluationMetrics> evaluation;  // Newest record.
  std::optional<EvaluationMetrics> best;        // Newest one that is_best.
  // From its beginning to the newest that is known of it.
  std::optional<double> elapsed_seconds;
  std::optional<int64_t> max_episodes;
  std::optional<double> seconds_left;
  std::optional<double> finished_at;  // Seconds since 1970; run_end.h.
};

inline constexpr int kRecentEpisodes = 200;

// Errors: the store's.
absl::StatusOr<TrainingStatus> ReadTrainingStatus(ExperienceStore& store);

// One JSON object, docs/operations.md, on several lines.
std::string StatusJson(const TrainingStatus& status);

// Some lines for a terminal of 80 columns.
std::string StatusText(const TrainingStatus& status);

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_STATUS_H_
