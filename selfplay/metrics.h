#ifndef SELFPLAY_METRICS_H_
#define SELFPLAY_METRICS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"

namespace selfplay {

// What the parts of a training run tell of themselves: one record, one line of
// JSON, in the run's file (MetricsFile) and in the store.  docs/operations.md
// has the fields; they are named as here, and all of a record's are in its
// line, those that are no finite numbers as null.

// Of the learner, every so many gradient steps.
struct LearnerMetrics {
  static constexpr char kRole[] = "learner";

  double time = 0;  // Seconds since 1970.
  int64_t learner_step = 0;
  int64_t weights_version = 0;  // Newest that it published.
  int64_t episodes = 0;         // Seen in the store.
  // Means over the gradient steps since the last record, as LossReport.
  double loss = 0;
  double policy_loss = 0;
  double value_loss = 0;
  std::map<std::string, double> auxiliary_losses;  // By the head's name.
  double gradient_norm = 0;
  double learning_rate = 0;  // Now.
  double samples_per_second = 0;
  double samples_per_insert = 0;  // Since the run began.
  int64_t replay_episodes = 0;
  int64_t replay_steps = 0;
  double replay_age_seconds = 0;  // Mean, since its episodes were stored.
  int64_t reanalysed_steps = 0;   // Since the run began.
  double busy_share = 0;          // Of the time, not waited or slept away.
};

// Of a worker, for each episode that it stored.
struct WorkerMetrics {
  static constexpr char kRole[] = "worker";

  double time = 0;  // Seconds since 1970.
  std::string worker;
  std::string episode;  // Its id.
  int64_t sequence = 0;
  std::string clip;
  int target_bitrate_kbps = 0;
  int64_t weights_version = 0;
  double reward = 0;
  double quality_db = 0;  // Outcome::quality.
  double overshoot = 0;
  int64_t frames = 0;           // Coded, hidden ones too.
  double seconds = 0;           // Of the second pass.
  double planning_seconds = 0;  // Of those.
  int64_t simulations = 0;
  int64_t guard_overrides = 0;
  int64_t fallback_frames = 0;
  double store_seconds = 0;  // Of AddEpisode().
};

// Of weights measured on clips that are not trained on.
struct EvaluationMetrics {
  static constexpr char kRole[] = "evaluation";

  double time = 0;  // Seconds since 1970.
  int64_t weights_version = 0;
  int64_t learner_step = 0;
  int64_t episodes = 0;        // Stored when it began.
  double bd_rate_percent = 0;  // Against libvpx, PSNR; NaN: there is none.
  double share_over_2pct = 0;  // Of encodes, over their target.
  double mean_overshoot = 0;
  int64_t clips = 0;
  int64_t encodes = 0;
  double seconds = 0;
  bool is_best = false;  // Of the run so far, within the overshoot limit.
};

// The line of a record: `json` is one object with "time", "role" and all of its
// fields, without line ends.
MetricsLine ToLine(const LearnerMetrics& metrics);
MetricsLine ToLine(const WorkerMetrics& metrics);
MetricsLine ToLine(const EvaluationMetrics& metrics);

// The record of a line; a number that is null there is NaN.  Fields that are
// not known are ignored: newer programs may have more.
// Errors: InvalidArgument, naming the field, unless the line is of that role
// and has every field.
absl::StatusOr<LearnerMetrics> ToLearnerMetrics(const MetricsLine& line);
absl::StatusOr<WorkerMetrics> ToWorkerMetrics(const MetricsLine& line);
absl::StatusOr<EvaluationMetrics> ToEvaluationMetrics(const MetricsLine& line);

// A line as it stands in a file, without its line end.
// InvalidArgument unless it is a JSON object with "time" and "role".
absl::StatusOr<MetricsLine> ParseMetricsLine(const std::string& json);

}  // namespace selfplay

#endif  // SELFPLAY_METRICS_H_
