#ifndef MUZERO_NETWORK_TRAINER_H_
#define MUZERO_NETWORK_TRAINER_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"

namespace muzero {

// The Trainer of a neural network.  On the CPU, the same seed and the same
// batches give the same weights bit for bit, also across ToCheckpoint() and
// Resume().
class NetworkTrainer : public Trainer {
 public:
  // Random weights from `seed`.  Errors: InvalidArgument for a configuration;
  // Unavailable if there is no such device; Internal, here and below, for what
  // LibTorch finds fault with.
  static absl::StatusOr<std::unique_ptr<NetworkTrainer>> Create(
      const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
      Device device);

  // Goes on from `checkpoint`; with a fresh optimiser if it has none.  Errors:
  // InvalidArgument if its tensors do not fit its configuration, too.
  static absl::StatusOr<std::unique_ptr<NetworkTrainer>> Resume(
      const Checkpoint& checkpoint, const TrainerConfig& config, Device device);

  ~NetworkTrainer() override;

  absl::Status SetNormalization(
      const FeatureNormalization& normalization) override;
  void SetLearningRate(double learning_rate) override;
  absl::StatusOr<LossReport> Step(absl::Span<const Sample> batch) override;
  absl::StatusOr<LossReport> Evaluate(absl::Span<const Sample> batch) override;
  int64_t step() const override;
  absl::StatusOr<Checkpoint> ToCheckpoint(bool with_optimizer) const override;

 private:
  struct Parts;
  explicit NetworkTrainer(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace muzero

#endif  // MUZERO_NETWORK_TRAINER_H_
