#include "muzero/network.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/network_shapes.h"
#include "muzero/random_draws.h"
#include "muzero/tensor.h"
#include "muzero/torch_bridge.h"

namespace muzero {
namespace {

constexpr double kNormEpsilon = 1e-5;
// Normalised features are clipped to this: rare input cannot throw the network
// off further than input it has seen.
constexpr double kMaxFeature = 10;

// What the heads' first weights are multiplied with, so that play starts from
// a nearly uniform policy and nearly equal values.
constexpr double kHeadsInitialScale = 0.1;

torch::nn::LayerNorm MakeNorm(int64_t width) {
  return torch::nn::LayerNorm(
      torch::nn::LayerNormOptions({width}).eps(kNormEpsilon));
}

// Mean 0 and deviation 1 over the elements of each state.
torch::Tensor NormalizeHidden(const torch::Tensor& hidden_state) {
  return torch::layer_norm(hidden_state, {hidden_state.size(-1)}, {}, {},
                           kNormEpsilon);
}

torch::Tensor NormalizeFeatures(const torch::Tensor& features,
                                const torch::Tensor& mean,
                                const torch::Tensor& deviation) {
  return features.sub(mean).div_(deviation).clamp_(-kMaxFeature, kMaxFeature);
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

absl::Status CheckObservation(const NetworkConfig& config,
                              const Observation& observation, size_t index) {
  const auto error = [index](absl::string_view what, int64_t is,
                             absl::string_view wanted) {
    return absl::InvalidArgumentError(absl::StrCat(
        "observation ", index, ": ", what, " ", is, ", not ", wanted));
  };
  if (observation.num_tokens < 1) {
    return error("num_tokens is", observation.num_tokens, "1 or more");
  }
  const auto num_tokens = static_cast<size_t>(observation.num_tokens);
  const auto token_size = static_cast<size_t>(config.token_size);
  if (observation.tokens.size() != num_tokens * token_size) {
    return error("tokens has", static_cast<int64_t>(observation.tokens.size()),
                 absl::StrCat(num_tokens, " x ", token_size, " entries"));
  }
  if (observation.context.size() != static_cast<size_t>(config.context_size)) {
    return error("context has",
                 static_cast<int64_t>(observation.context.size()),
                 absl::StrCat(config.context_size, " entries"));
  }
  if (observation.focus < 0 || observation.focus >= observation.num_tokens) {
    return error("focus is", observation.focus,
                 absl::StrCat("in [0, ", observation.num_tokens, ")"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ObservationBatch> MakeObservationBatch(
    const NetworkConfig& config,
    absl::Span<const Observation* const> observations) {
  const auto batch = static_cast<int64_t>(observations.size());
  int64_t max_tokens = 1;
  int64_t min_tokens = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < observations.size(); ++i) {
    const absl::Status status = CheckObservation(config, *observations[i], i);
    if (!status.ok()) return status;
    max_tokens = std::max<int64_t>(max_tokens, observations[i]->num_tokens);
    min_tokens = std::min<int64_t>(min_tokens, observations[i]->num_tokens);
  }
  ObservationBatch result;
  result.tokens = torch::zeros({batch, max_tokens, config.token_size});
  result.context = torch::empty({batch, config.context_size});
  result.focus = torch::empty({batch}, torch::kInt64);
  if (min_tokens < max_tokens) {
    result.is_padding = torch::zeros({batch, max_tokens}, torch::kBool);
  }
  for (int64_t i = 0; i < batch; ++i) {
    const Observation& observation = *observations[static_cast<size_t>(i)];
    std::copy(
        observation.tokens.begin(), observation.tokens.end(),
        result.tokens.data_ptr<float>() + i * max_tokens * config.token_size);
    std::copy(observation.context.begin(), observation.context.end(),
              result.context.data_ptr<float>() + i * config.context_size);
    result.focus.data_ptr<int64_t>()[i] = observation.focus;
    if (result.is_padding.defined()) {
      bool* row = result.is_padding.data_ptr<bool>() + i * max_tokens;
      std::fill(row + observation.num_tokens, row + max_tokens, true);
    }
  }
  return result;
}

ObservationBatch ToDevice(const ObservationBatch& batch, torch::Device device) {
  ObservationBatch result = {.tokens = batch.tokens.to(device),
                             .context = batch.context.to(device),
                             .focus = batch.focus.to(device)};
  if (batch.is_padding.defined()) {
    result.is_padding = batch.is_padding.to(device);
  }
  return result;
}

EncoderLayer::EncoderLayer(const NetworkConfig& config)
    : num_heads_(config.num_attention_heads),
      attention_norm_(
          register_module("attention_norm", MakeNorm(config.token_width))),
      query_(register_module(
          "query", torch::nn::Linear(config.token_width, config.token_width))),
      key_value_(register_module(
          "key_value",
          torch::nn::Linear(config.token_width, 2 * config.token_width))),
      attention_out_(register_module(
          "attention_out",
          torch::nn::Linear(config.token_width, config.token_width))),
      feed_forward_norm_(
          register_module("feed_forward_norm", MakeNorm(config.token_width))),
      feed_forward_in_(register_module(
          "feed_forward_in",
          torch::nn::Linear(config.token_width, config.feed_forward_width))),
      feed_forward_out_(register_module(
          "feed_forward_out",
          torch::nn::Linear(config.feed_forward_width, config.token_width))) {}

torch::Tensor EncoderLayer::Attention(const torch::Tensor& queries,
                                      const torch::Tensor& tokens,
                                      const torch::Tensor& is_padding) {
  const int64_t batch = tokens.size(0);
  const int64_t width = tokens.size(2);
  const int64_t head_width = width / num_heads_;
  const auto split_heads = [&](const torch::Tensor& x) {
    return x.view({batch, x.size(1), num_heads_, head_width}).transpose(1, 2);
  };
  // [batch, heads, queries or tokens, head_width]
  const torch::Tensor query = split_heads(
      query_(queries).mul(1 / std::sqrt(static_cast<double>(head_width))));
  const std::vector<torch::Tensor> key_value =
      key_value_(tokens).chunk(2, /*dim=*/2);
  const torch::Tensor key = split_heads(key_value[0]);
  const torch::Tensor value = split_heads(key_value[1]);

  torch::Tensor scores = torch::matmul(query, key.transpose(2, 3));
  if (is_padding.defined()) {
    scores = scores.masked_fill(is_padding.view({batch, 1, 1, -1}),
                                -std::numeric_limits<double>::infinity());
  }
  const torch::Tensor mixed = torch::matmul(scores.softmax(/*dim=*/-1), value);
  return attention_out_(
      mixed.transpose(1, 2).reshape({batch, queries.size(1), width}));
}

torch::Tensor EncoderLayer::FeedForward(const torch::Tensor& tokens) {
  // Not GELU: its error function would take as long as the products.
  return feed_forward_out_(
      feed_forward_in_(feed_forward_norm_(tokens)).relu_());
}

torch::Tensor EncoderLayer::forward(const torch::Tensor& tokens,
                                    const torch::Tensor& is_padding) {
  const torch::Tensor normalized = attention_norm_(tokens);
  const torch::Tensor attended =
      tokens + Attention(normalized, normalized, is_padding);
  return attended + FeedForward(attended);
}

torch::Tensor EncoderLayer::ForwardFocus(const torch::Tensor& tokens,
                                         const torch::Tensor& focus_token,
                                         const torch::Tensor& is_padding) {
  const torch::Tensor attended =
      focus_token + Attention(attention_norm_(focus_token),
                              attention_norm_(tokens), is_padding);
  return attended + FeedForward(attended);
}

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

Network::Network(const NetworkConfig& config)
    : config_(config),
      token_mean_(
          register_buffer("token_mean", torch::zeros({config.token_size}))),
      token_deviation_(
          register_buffer("token_deviation", torch::ones({config.token_size}))),
      context_mean_(
          register_buffer("context_mean", torch::zeros({config.context_size}))),
      context_deviation_(register_buffer("context_deviation",
                                         torch::ones({config.context_size}))),
      representation_(register_module(
          "representation", std::make_shared<Representation>(config))),
      dynamics_(
          register_module("dynamics", std::make_shared<Dynamics>(config))),
      prediction_(register_module("prediction",
                                  std::make_shared<PredictionHeads>(config))) {}

void Network::Initialize(uint64_t seed) {
  const torch::NoGradGuard no_grad;
  std::mt19937_64 random(seed);
  for (const auto& entry : named_parameters()) {
    const absl::string_view name = entry.key();
    const torch::Tensor& parameter = entry.value();
    if (parameter.dim() == 1) {
      parameter.fill_(absl::EndsWith(name, "norm.weight") ? 1.0 : 0.0);
      continue;
    }
    // Variance 1 / fan-in, so that sums keep the size of their terms.
    double bound = std::sqrt(3.0 / static_cast<double>(parameter.size(1)));
    if (name == "dynamics.action_points") bound = 1;
    if (name == "prediction.heads.weight") bound *= kHeadsInitialScale;
    torch::Tensor drawn = torch::empty(parameter.sizes());
    float* const values = drawn.data_ptr<float>();
    std::generate(values, values + drawn.numel(), [&] {
      return static_cast<float>(bound * (2 * DrawUniform(random) - 1));
    });
    parameter.copy_(drawn);
  }
}

PredictionBatch Network::Initial(const ObservationBatch& observations) {
  ObservationBatch normalized = observations;
  normalized.tokens =
      NormalizeFeatures(observations.tokens, token_mean_, token_deviation_);
  normalized.context = NormalizeFeatures(observations.context, context_mean_,
                                         context_deviation_);
  return prediction_->forward(representation_->forward(normalized));
}

PredictionBatch Network::Recurrent(const torch::Tensor& hidden_state,
                                   const torch::Tensor& embeddings) {
  return prediction_->forward(dynamics_->forward(hidden_state, embeddings));
}

NamedTensors Network::Weights() const {
  NamedTensors weights;
  for (const auto& entry : named_parameters()) {
    weights[entry.key()] = ToFileTensor(entry.value());
  }
  for (const auto& entry : named_buffers()) {
    weights[entry.key()] = ToFileTensor(entry.value());
  }
  return weights;
}

void Network::SetWeights(const NamedTensors& weights) {
  const torch::NoGradGuard no_grad;
  for (const auto& entry : named_parameters()) {
    entry.value().copy_(FromFileTensor(weights.at(entry.key())));
  }
  for (const auto& entry : named_buffers()) {
    entry.value().copy_(FromFileTensor(weights.at(entry.key())));
  }
}

absl::StatusOr<std::shared_ptr<Network>> LoadNetwork(
    const Checkpoint& checkpoint, Device device) {
  absl::Status status = checkpoint.config.Validate();
  if (!status.ok()) return status;
  status = CheckWeights(checkpoint.config, checkpoint.weights);
  if (!status.ok()) return status;
  UseCallingThreadOnly();
  const absl::StatusOr<torch::Device> place = FindDevice(device);
  if (!place.ok()) return place.status();
  auto network = std::make_shared<Network>(checkpoint.config);
  network->SetWeights(checkpoint.weights);
  network->to(*place);
  return network;
}

}  // namespace muzero
