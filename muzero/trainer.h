#ifndef MUZERO_TRAINER_H_
#define MUZERO_TRAINER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/targets.h"

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

// A network in training and its optimiser.
//
// The order of calls is free.  Not thread-safe.
class Trainer {
 public:
  virtual ~Trainer() = default;

  // A feature whose deviation is 0 is only shifted.  InvalidArgument unless the
  // numbers are finite, deviations not negative, and as many as the network has
  // features.
  virtual absl::Status SetNormalization(
      const FeatureNormalization& normalization) = 0;

  // REQUIRES: finite and not negative.
  virtual void SetLearningRate(double learning_rate) = 0;

  // One step of gradient descent on `batch`.  On an error the weights are as
  // before: InvalidArgument unless there is a sample at least and all are of
  // one unroll length and of the network's shapes; Internal if loss or gradient
  // are not finite.
  virtual absl::StatusOr<LossReport> Step(absl::Span<const Sample> batch) = 0;

  // The same losses without a step.  InvalidArgument as above; a loss that is
  // not finite is no error here.
  virtual absl::StatusOr<LossReport> Evaluate(
      absl::Span<const Sample> batch) = 0;

  // Steps taken, those before a resumption with them.
  virtual int64_t step() const = 0;

  // With the optimiser, or for inference only.  Internal for what LibTorch
  // finds fault with.
  virtual absl::StatusOr<Checkpoint> ToCheckpoint(
      bool with_optimizer) const = 0;
};

}  // namespace muzero

#endif  // MUZERO_TRAINER_H_
