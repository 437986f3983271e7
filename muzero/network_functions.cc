#include "muzero/network_functions.h"

#include <torch/nn/modules/container/modulelist.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "muzero/encoder_layer.h"
#include "muzero/network_config.h"
#include "muzero/observation_batch.h"

namespace muzero {
namespace {

// Mean 0 and deviation 1 over the elements of each state.
torch::Tensor NormalizeHidden(const torch::Tensor& hidden_state) {
  return torch::layer_norm(hidden_state, {hidden_state.size(-1)}, {}, {},
                           kNormEpsilon);
}

// Row a has the weights of the points around action a; rows sum to 1.
torch::Tensor MakeInterpolation(int64_t num_actions, int64_t num_points) {
  torch::Tensor weights = torch::zeros({num_actions, num_points});
  auto entries = weights.accessor<float, 2>();
  for (int64_t action = 0; action < num_actions; ++action) {
    if (num_points == 1) {
      entries[action][0] = 1;
      continue;
    }
    const double position = static_cast<double>(action * (num_points - 1)) /
                            static_cast<double>(num_actions - 1);
    const int64_t below =
        std::min(static_cast<int64_t>(position), num_points - 2);
    const double above_weight = position - static_cast<double>(below);
    entries[action][below] = static_cast<float>(1 - above_weight);
    entries[action][below + 1] = static_cast<float>(above_weight);
  }
  return weights;
}

// `num_blocks` blocks, registered with `module` as blocks.0, blocks.1, ...
std::vector<std::shared_ptr<ResidualBlock>> AddBlocks(
    int num_blocks, int64_t width, torch::nn::Module& module) {
  std::vector<std::shared_ptr<ResidualBlock>> blocks;
  torch::nn::ModuleList list;
  for (int i = 0; i < num_blocks; ++i) {
    blocks.push_back(std::make_shared<ResidualBlock>(width));
    list->push_back(blocks.back());
  }
  module.register_module("blocks", list);
  return blocks;
}

}  // namespace

ResidualBlock::ResidualBlock(int64_t width)
    : in_(register_module("in", torch::nn::Linear(width, width))),
      out_(register_module("out", torch::nn::Linear(width, width))) {}

torch::Tensor ResidualBlock::forward(const torch::Tensor& x) {
  return x + out_(in_(x).relu_());
}

Representation::Representation(const NetworkConfig& config)
    : token_in_(register_module(
          "token_in",
          torch::nn::Linear(config.token_size, config.token_width))),
      context_in_(register_module(
          "context_in",
          torch::nn::Linear(
              torch::nn::LinearOptions(config.context_size, config.token_width)
                  .bias(false)))),
      norm_(register_module("norm", MakeNorm(config.token_width))),
      out_(register_module(
          "out", torch::nn::Linear(config.token_width, config.hidden_size))) {
  torch::nn::ModuleList list;
  for (int i = 0; i < config.num_layers; ++i) {
    layers_.push_back(std::make_shared<EncoderLayer>(config));
    list->push_back(layers_.back());
  }
  register_module("layers", list);
}

torch::Tensor Representation::forward(const ObservationBatch& observations) {
  torch::Tensor tokens = token_in_(observations.tokens) +
                         context_in_(observations.context).unsqueeze(1);
  // Only the token in focus is read out, so the last layer needs no other.
  for (size_t i = 0; i + 1 < layers_.size(); ++i) {
    tokens = layers_[i]->forward(tokens, observations.is_padding);
  }
  const torch::Tensor index =
      observations.focus.view({-1, 1, 1}).expand({-1, 1, tokens.size(2)});
  const torch::Tensor focus_token = layers_.back()->ForwardFocus(
      tokens, tokens.gather(1, index), observations.is_padding);
  return NormalizeHidden(out_(norm_(focus_token.squeeze(1))));
}

Dynamics::Dynamics(const NetworkConfig& config)
    : interpolation_(
          MakeInterpolation(config.num_actions, config.num_action_knots > 0
                                                    ? config.num_action_knots
                                                    : config.num_actions)),
      action_points_(register_parameter(
          "action_points",
          torch::zeros({interpolation_.size(1), config.hidden_size}))),
      blocks_(
          AddBlocks(config.num_dynamics_blocks, config.hidden_size, *this)) {}

torch::Tensor Dynamics::ActionEmbeddings() {
  return interpolation_.to(action_points_.options()).mm(action_points_);
}

torch::Tensor Dynamics::forward(const torch::Tensor& hidden_state,
                                const torch::Tensor& embeddings) {
  torch::Tensor state = hidden_state + embeddings;
  for (const auto& block : blocks_) state = block->forward(state);
  return NormalizeHidden(state);
}

PredictionHeads::PredictionHeads(const NetworkConfig& config)
    : head_sizes_({config.num_actions, config.support.size,
                   static_cast<int64_t>(config.auxiliary_heads.size())}),
      blocks_(
          AddBlocks(config.num_prediction_blocks, config.hidden_size, *this)),
      heads_(register_module(
          "heads",
          torch::nn::Linear(config.hidden_size,
                            std::accumulate(head_sizes_.begin(),
                                            head_sizes_.end(), int64_t{0})))) {}

PredictionBatch PredictionHeads::forward(const torch::Tensor& hidden_state) {
  torch::Tensor state = hidden_state;
  for (const auto& block : blocks_) state = block->forward(state);
  const std::vector<torch::Tensor> heads =
      heads_(state).split_with_sizes(head_sizes_, /*dim=*/1);
  return {.hidden_state = hidden_state,
          .policy_logits = heads[0],
          .value_logits = heads[1],
          .auxiliary = heads[2]};
}

}  // namespace muzero
