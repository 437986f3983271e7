#ifndef MUZERO_TRAINER_H_
#define MUZERO_TRAINER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"
#include "muzero/trainer_config.h"

namespace muzero {

// Losses of one batch, means over what is not masked.
struct LossReport {
  double total = 0;                // What is minimised: ComputeLosses().
  double policy = 0;               // Cross-entropy, in nats.
  double value = 0;                // Cross-entropy, in nats.
  std::vector<double> auxiliary;   // [num_auxiliary] squared error, scaled.
  double gradient_norm = 0;        // Before clipping; 0 of Evaluate().
  std::vector<float> value_error;  // [batch] |value - target| at the root.
};

// Means and standard deviations of features, which the network takes off its
// input; stored with its weights.
struct FeatureNormalization {
  std::vector<float> token_mean;         // [token_size]
  std::vector<float> token_deviation;    // [token_size]
  std::vector<float> context_mean;       // [context_size]
  std::vector<float> context_deviation;  // [context_size]
};

// A network in training and its optimiser.  On the CPU, the same seed and the
// same batches give the same weights bit for bit, also across ToCheckpoint()
// and Resume().  Not thread-safe.
class Trainer {
 public:
  // Random weights from `seed`.  Errors: InvalidArgument for a configuration;
  // Unavailable if there is no such device.
  static absl::StatusOr<std::unique_ptr<Trainer>> Create(
      const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
      Device device);

  // Goes on from `checkpoint`; with a fresh optimiser if it has none.  Errors:
  // InvalidArgument if its tensors do not fit its configuration, too.
  static absl::StatusOr<std::unique_ptr<Trainer>> Resume(
      const Checkpoint& checkpoint, const TrainerConfig& config, Device device);

  ~Trainer();

  // A feature whose deviation is 0 is only shifted.  InvalidArgument unless the
  // numbers are finite, deviations not negative, and as many as the network has
  // features.
  absl::Status SetNormalization(const FeatureNormalization& normalization);

  // REQUIRES: finite and not negative.
  void SetLearningRate(double learning_rate);

  // One step of gradient descent on `batch`.  On an error the weights are as
  // before: InvalidArgument unless there is a sample at least and all are of
  // one unroll length and of the network's shapes; Internal if loss or gradient
  // are not finite.
  absl::StatusOr<LossReport> Step(absl::Span<const Sample> batch);

  // The same losses without a step.  InvalidArgument as above; a loss that is
  // not finite is no error here.
  absl::StatusOr<LossReport> Evaluate(absl::Span<const Sample> batch);

  int64_t step() const;

  // With the optimiser, or for inference only.
  Checkpoint ToCheckpoint(bool with_optimizer) const;

 private:
  struct Parts;
  explicit Trainer(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace muzero

#endif  // MUZERO_TRAINER_H_
