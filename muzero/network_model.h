#ifndef MUZERO_NETWORK_MODEL_H_
#define MUZERO_NETWORK_MODEL_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"

namespace muzero {

// A Model that is a neural network, for inference only.  Thread-safe, but a
// call uses one core: gather what several threads want with a batching model.
//
// On the CPU an answer does not depend on what else is in the batch, but for
// rounding.
class NetworkModel : public Model {
 public:
  // Keeps nothing of `checkpoint`.
  //
  // Errors: InvalidArgument if the configuration is not valid or the weights do
  // not fit it; Unavailable if there is no such device; Internal, here and in
  // the calls below, for what LibTorch finds fault with.
  static absl::StatusOr<std::unique_ptr<NetworkModel>> Create(
      const Checkpoint& checkpoint, Device device);

  ~NetworkModel() override;

  const NetworkConfig& config() const;

  int num_actions() const override;

  // InvalidArgument for what is not of the network's shapes; both calls.
  absl::StatusOr<std::vector<Prediction>> InitialInference(
      absl::Span<const Observation> observations) override;
  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition> transitions) override;

 private:
  struct Parts;
  explicit NetworkModel(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace muzero

#endif  // MUZERO_NETWORK_MODEL_H_
