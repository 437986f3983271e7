#ifndef CLI_TRAINING_LOOP_H_
#define CLI_TRAINING_LOOP_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>

#include "absl/status/status.h"
#include "cli/progress_line.h"
#include "cli/recent_episodes.h"
#include "cli/training_evaluation.h"
#include "cli/training_journal.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_pool.h"

namespace cli {

struct TrainingLoopOptions {
  int64_t max_episodes = std::numeric_limits<int64_t>::max();  // Of the run.
  int64_t max_steps = std::numeric_limits<int64_t>::max();     // Ditto.
  std::chrono::duration<double> max_time{
      std::numeric_limits<double>::infinity()};
  bool is_quiet = false;
  std::function<bool()> should_stop;
};

// What goes on in `train` and `learn`: the learner takes its turns, on this
// thread, and now and then there is something to tell, or to measure.
// References must outlive this object.
class TrainingLoop {
 public:
  struct Parts {
    const selfplay::TrainingConfig& config;
    selfplay::ExperienceStore& store;
    selfplay::Learner& learner;
    TrainingJournal& journal;
    const RecentEpisodes& recent;
    selfplay::WorkerPool* pool = nullptr;      // learn: none.
    TrainingEvaluation* evaluation = nullptr;  // Null: nothing to measure on.
  };

  TrainingLoop(const Parts& parts, const TrainingLoopOptions& options);

  // Returns OK once all episodes are played and learned from, or the time is
  // up, which the store is told; Cancelled when it should stop, even if the
  // store is away then.  In all these cases the learner has saved what it has,
  // and the workers have ended.  Else the first error of a part.
  absl::Status Run();

 private:
  using Clock = std::chrono::steady_clock;

  absl::Status Learn();
  // Whether another turn is wanted after one that could `step` or not.
  bool IsOver(bool has_stepped);
  // Cancelled in the place of what a store says that is not waited for any
  // more.
  absl::Status OrInterrupted(const absl::Status& status) const;
  absl::Status TellMetrics();
  absl::Status Evaluate();
  absl::Status StartEvaluation();
  absl::Status FinishRun();
  absl::Status FinishEvaluation();
  void ShowProgress();

  const Parts parts_;
  const TrainingLoopOptions options_;
  ProgressLine progress_;
  const Clock::time_point begun_;
  const int64_t first_episodes_;  // Learned from before.
  Clock::time_point next_metrics_;
  int64_t metrics_step_ = 0;
  int64_t evaluated_episodes_ = 0;
  double loss_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace cli

#endif  // CLI_TRAINING_LOOP_H_
