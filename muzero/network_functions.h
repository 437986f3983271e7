#ifndef MUZERO_NETWORK_FUNCTIONS_H_
#define MUZERO_NETWORK_FUNCTIONS_H_

// Includes LibTorch: for the few sources that compute.
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "muzero/encoder_layer.h"
#include "muzero/network_config.h"
#include "muzero/observation_batch.h"

namespace muzero {

// What the network foretells of a batch of states.
struct PredictionBatch {
  torch::Tensor hidden_state;   // [batch, hidden_size]
  torch::Tensor policy_logits;  // [batch, num_actions]
  torch::Tensor value_logits;   // [batch, support.size]
  // [batch, num_auxiliary] before the heads' scale and offset.
  torch::Tensor auxiliary;
};

// x + W2 relu(W1 x + b1) + b2.
class ResidualBlock : public torch::nn::Module {
 public:
  explicit ResidualBlock(int64_t width);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Linear in_;
  torch::nn::Linear out_;
};

// h: from normalised features to the root's hidden state.  The context is
// added to every token, rather than given one of its own, so that the first
// layer already reads every frame in the light of the target.
class Representation : public torch::nn::Module {
 public:
  explicit Representation(const NetworkConfig& config);
  torch::Tensor forward(const ObservationBatch& observations);

 private:
  torch::nn::Linear token_in_;
  torch::nn::Linear context_in_;
  std::vector<std::shared_ptr<EncoderLayer>> layers_;
  torch::nn::LayerNorm norm_;
  torch::nn::Linear out_;
};

// g: from a hidden state and an action to the next hidden state.
class Dynamics : public torch::nn::Module {
 public:
  explicit Dynamics(const NetworkConfig& config);

  // [num_actions, hidden_size]
  torch::Tensor ActionEmbeddings();

  // `embeddings` are those of the actions taken, [batch, hidden_size].
  torch::Tensor forward(const torch::Tensor& hidden_state,
                        const torch::Tensor& embeddings);

 private:
  torch::Tensor interpolation_;  // [num_actions, num_points]
  torch::Tensor action_points_;  // [num_points, hidden_size]
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
};

// f: from a hidden state to what it foretells.  All heads are one product.
class PredictionHeads : public torch::nn::Module {
 public:
  explicit PredictionHeads(const NetworkConfig& config);
  PredictionBatch forward(const torch::Tensor& hidden_state);

 private:
  const std::vector<int64_t> head_sizes_;
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
  torch::nn::Linear heads_;
};

}  // namespace muzero

#endif  // MUZERO_NETWORK_FUNCTIONS_H_
