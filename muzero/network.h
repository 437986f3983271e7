#ifndef MUZERO_NETWORK_H_
#define MUZERO_NETWORK_H_

// The only header that includes LibTorch; for the few sources that compute.
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/tensor.h"

namespace muzero {

// Observations of different lengths, padded to the longest.
struct ObservationBatch {
  torch::Tensor tokens;   // [batch, tokens, token_size]
  torch::Tensor context;  // [batch, context_size]
  torch::Tensor focus;    // [batch] int64: index of the token in focus.
  // [batch, tokens] bool: true where there is no token.  Undefined if all
  // observations are of one length.
  torch::Tensor is_padding;
};

// On the CPU.  InvalidArgument, saying which and why, unless every observation
// is of the shape that `config` says.
absl::StatusOr<ObservationBatch> MakeObservationBatch(
    const NetworkConfig& config,
    absl::Span<const Observation* const> observations);

ObservationBatch ToDevice(const ObservationBatch& batch, torch::Device device);

// What the network foretells of a batch of states.
struct PredictionBatch {
  torch::Tensor hidden_state;   // [batch, hidden_size]
  torch::Tensor policy_logits;  // [batch, num_actions]
  torch::Tensor value_logits;   // [batch, support.size]
  // [batch, num_auxiliary] before the heads' scale and offset.
  torch::Tensor auxiliary;
};

// One layer of a pre-norm transformer encoder:
//
//   y = x + Attention(LayerNorm(x)),  z = y + FeedForward(LayerNorm(y)).
class EncoderLayer : public torch::nn::Module {
 public:
  explicit EncoderLayer(const NetworkConfig& config);

  // What is above, for every token of `tokens`, [batch, tokens, width].
  torch::Tensor forward(const torch::Tensor& tokens,
                        const torch::Tensor& is_padding);

  // The same for one token of each batch entry, `focus_token`, alone: the
  // others are only attended to.  [batch, 1, width].
  torch::Tensor ForwardFocus(const torch::Tensor& tokens,
                             const torch::Tensor& focus_token,
                             const torch::Tensor& is_padding);

 private:
  // `queries` and `tokens` are normalised; [batch, queries, width].
  torch::Tensor Attention(const torch::Tensor& queries,
                          const torch::Tensor& tokens,
                          const torch::Tensor& is_padding);
  torch::Tensor FeedForward(const torch::Tensor& tokens);

  const int64_t num_heads_;
  torch::nn::LayerNorm attention_norm_;
  torch::nn::Linear query_;
  torch::nn::Linear key_value_;
  torch::nn::Linear attention_out_;
  torch::nn::LayerNorm feed_forward_norm_;
  torch::nn::Linear feed_forward_in_;
  torch::nn::Linear feed_forward_out_;
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
