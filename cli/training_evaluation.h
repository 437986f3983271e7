#ifndef CLI_TRAINING_EVALUATION_H_
#define CLI_TRAINING_EVALUATION_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/metrics.h"
#include "selfplay/training_config.h"
#include "videos/clip.h"

namespace cli {

struct TrainingEvaluationOptions {
  selfplay::TrainingConfig config;
  std::vector<videos::Clip> clips;  // Not trained on.
  std::string work_folder;          // Made if need be; keeps libvpx's encodes.
  std::string best_model_path;
  std::string device = "auto";
};

// Which weights of a run are the best: measures some of them against libvpx, on
// clips that are not trained on, with settings as in self-play, and keeps a
// model file of the best that have kept to the target.
//
// One measurement at a time, on a thread of its own.  Not thread-safe.
class TrainingEvaluation {
 public:
  explicit TrainingEvaluation(TrainingEvaluationOptions options);

  // Breaks off what is under way.
  ~TrainingEvaluation();
  TrainingEvaluation(const TrainingEvaluation&) = delete;
  TrainingEvaluation& operator=(const TrainingEvaluation&) = delete;

  bool is_running() const { return thread_.joinable(); }

  // Begins to measure `weights`, a checkpoint's bytes, that are told apart by
  // `about`, whose results are still to come.  REQUIRES: !is_running().
  void Start(std::string weights, const selfplay::EvaluationMetrics& about);

  // What came of it, once it is over, and only once; then it is not running any
  // more.
  std::optional<absl::StatusOr<selfplay::EvaluationMetrics>> Take();

  // The same, but waits for it to be over.  REQUIRES: is_running().
  absl::StatusOr<selfplay::EvaluationMetrics> Wait();

 private:
  absl::StatusOr<selfplay::EvaluationMetrics> Measure(
      const std::string& weights, selfplay::EvaluationMetrics metrics) const;

  const TrainingEvaluationOptions options_;
  std::atomic<bool> should_stop_ = false;
  std::atomic<bool> is_over_ = false;
  absl::StatusOr<selfplay::EvaluationMetrics> result_;
  std::thread thread_;
};

}  // namespace cli

#endif  // CLI_TRAINING_EVALUATION_H_
