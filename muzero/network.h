#ifndef MUZERO_NETWORK_H_
#define MUZERO_NETWORK_H_

// Includes LibTorch: for the few sources that compute.
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_config.h"
#include "muzero/network_functions.h"
#include "muzero/observation_batch.h"
#include "muzero/tensor.h"

namespace muzero {

// h, g and f of [MuZero, Sec. 3] with the names and shapes of ShapesOf().
// Hidden states are normalised to mean 0 and deviation 1 over their elements.
// MuZero scales to [0, 1] by the least and the greatest element [MuZero, App.
// G]: like that it bounds them however often g is applied, but the gradient
// does not hang on two elements alone.
//
// Throws what LibTorch throws.  Calls that do not change weights may come from
// several threads at once.
class Network : public torch::nn::Module {
 public:
  // Weights are whatever LibTorch draws.  REQUIRES: `config` is valid.
  explicit Network(const NetworkConfig& config);

  const NetworkConfig& config() const { return config_; }
  torch::Device device() const { return token_mean_.device(); }

  // Draws all parameters from `seed` alone.
  void Initialize(uint64_t seed);

  // f(h(observation)).
  PredictionBatch Initial(const ObservationBatch& observations);

  // f(g(hidden_state, action)); `embeddings` are rows of ActionEmbeddings().
  PredictionBatch Recurrent(const torch::Tensor& hidden_state,
                            const torch::Tensor& embeddings);

  torch::Tensor ActionEmbeddings() { return dynamics_->ActionEmbeddings(); }

  // Copies of all parameters and buffers.
  NamedTensors Weights() const;

  // REQUIRES: CheckWeights(config(), weights) is OK.
  void SetWeights(const NamedTensors& weights);

 private:
  const NetworkConfig config_;
  torch::Tensor token_mean_;
  torch::Tensor token_deviation_;
  torch::Tensor context_mean_;
  torch::Tensor context_deviation_;
  std::shared_ptr<Representation> representation_;
  std::shared_ptr<Dynamics> dynamics_;
  std::shared_ptr<PredictionHeads> prediction_;
};

// A network with the weights of `checkpoint`, on `device`; keeps nothing of it.
// InvalidArgument if the configuration is not valid or the weights do not fit
// it; Unavailable if there is no such device.  Throws what LibTorch throws.
absl::StatusOr<std::shared_ptr<Network>> LoadNetwork(
    const Checkpoint& checkpoint, Device device);

}  // namespace muzero

#endif  // MUZERO_NETWORK_H_
