#ifndef SELFPLAY_LEARNER_H_
#define SELFPLAY_LEARNER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner_checkpoint.h"
#include "selfplay/learner_replay.h"
#include "selfplay/metrics.h"
#include "selfplay/replay_buffer.h"
#include "selfplay/training_config.h"

namespace selfplay {

// Where a learner's networks come from: network_library.h, or a test.
struct NetworkFactory {
  std::function<absl::StatusOr<std::unique_ptr<muzero::Trainer>>(
      const muzero::NetworkConfig&, const muzero::TrainerConfig&, uint64_t seed,
      muzero::Device)>
      create_trainer;
  std::function<absl::StatusOr<std::unique_ptr<muzero::Trainer>>(
      const muzero::Checkpoint&, const muzero::TrainerConfig&, muzero::Device)>
      resume_trainer;
  std::function<absl::StatusOr<std::unique_ptr<muzero::Model>>(
      const muzero::Checkpoint&, muzero::Device)>
      create_model;
};

struct LearnerOptions {
  TrainingConfig config;
  std::string run_folder;  // Where checkpoints go; must exist.
  muzero::Device device = muzero::Device::kAuto;
  // What to begin with where there is no checkpoint; none: random weights.
  std::optional<muzero::Checkpoint> initial_network;
  NetworkFactory networks;
};

// Learns from the episodes in a store, and publishes weights in it.
//
// A learner that is killed goes on from its last checkpoint and all of the
// store.  With the same episodes at the same turns, and on the CPU, it learns
// the same bit for bit, also across Save() and Open().  One for a store.  Not
// thread-safe.
class Learner {
 public:
  // Goes on from the run folder's checkpoint if there is one; else begins, and
  // publishes the weights it begins with.  `store` must outlive this object.
  //
  // Errors: InvalidArgument for a configuration, or networks that do not fit
  // it; the store's, the trainer's and LoadLearnerCheckpoint()'s.
  static absl::StatusOr<std::unique_ptr<Learner>> Open(
      ExperienceStore& store, const LearnerOptions& options);

  // One gradient step, if the rate limit allows one by the episodes there are;
  // every publish_steps steps and checkpoint_steps steps with what is due then.
  // Returns false if there was nothing to learn from: ask again later.
  //
  // Internal if the loss explodes or is no number: the learner is of no more
  // use then, and what is on disk is the last good checkpoint.  Else the
  // store's errors and the disk's.
  absl::StatusOr<bool> Turn();

  // Writes a checkpoint, prunes the store.
  absl::Status Save();

  int64_t step() const { return trainer_->step(); }
  int64_t episodes() const { return replay_.episodes_taken(); }
  int64_t weights_version() const { return weights_version_; }

  // Of the time since the last call, or since Open().
  LearnerMetrics TakeMetrics();

 private:
  // Sums over the steps since the last metrics.
  struct Sums {
    int64_t steps = 0;
    double busy_seconds = 0;
    muzero::LossReport losses;
  };

  Learner(ExperienceStore& store, const LearnerOptions& options,
          std::unique_ptr<muzero::Trainer> trainer);

  absl::Status Begin();
  absl::Status Resume(const LearnerCheckpoint& checkpoint);
  bool MayStep() const;
  absl::StatusOr<bool> Wait();
  absl::Status Step();
  absl::Status Reanalyse(const std::vector<DrawnStep>& drawn,
                         std::mt19937_64& random);
  absl::Status CheckLoss(const muzero::LossReport& report);
  absl::Status DoWhatIsDue();
  absl::Status Publish();
  absl::Status TellProgress();
  // Between 1, at the start, and config.final_learning_rate.
  double LearningRateFactor() const;

  ExperienceStore& store_;
  const LearnerOptions options_;
  const TrainingConfig& config_;  // options_.config
  const std::unique_ptr<muzero::Trainer> trainer_;
  std::unique_ptr<muzero::Model> model_;  // Of the weights last published.
  LearnerReplay replay_;

  int64_t samples_drawn_ = 0;
  int64_t samples_told_ = -1;  // As the store has it.
  int64_t weights_version_ = 0;
  double mean_loss_ = 0;
  bool keeps_normalization_ = false;  // As LearnerCheckpoint's.

  Sums sums_;
  double metrics_since_ = 0;  // Seconds since 1970.
  int64_t reanalysed_steps_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_LEARNER_H_
