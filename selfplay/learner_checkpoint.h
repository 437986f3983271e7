#ifndef SELFPLAY_LEARNER_CHECKPOINT_H_
#define SELFPLAY_LEARNER_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "selfplay/learner_replay.h"

namespace selfplay {

// All of a learner that the store has not.
struct LearnerCheckpoint {
  muzero::Checkpoint network;  // With its optimiser.
  int64_t samples_drawn = 0;
  int64_t weights_version = 0;  // Newest that it published.
  double mean_loss = 0;         // Running mean; 0: none yet.
  // Features are normalised as by the network that the run began with, not by
  // the run's own first episodes.
  bool keeps_normalization = false;
  LearnerReplayState replay;
};

// Where a run folder has its newest checkpoint; `muzero-rc encode` takes it as
// a model too.
std::string LearnerCheckpointPath(const std::string& run_folder);

// Writes two files: the network, and beside it the rest, which the network's
// notes name.  The old pair, or the new one, is there at every moment.
// Errors name the file.
absl::Status SaveLearnerCheckpoint(const LearnerCheckpoint& checkpoint,
                                   const std::string& run_folder);

// None if there never was one.  Errors name the file: as LoadCheckpoint();
// DataLoss for a damaged rest.
absl::StatusOr<std::optional<LearnerCheckpoint>> LoadLearnerCheckpoint(
    const std::string& run_folder);

}  // namespace selfplay

#endif  // SELFPLAY_LEARNER_CHECKPOINT_H_
