#include "muzero/network.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_config.h"
#include "muzero/network_functions.h"
#include "muzero/network_shapes.h"
#include "muzero/observation_batch.h"
#include "muzero/random_draws.h"
#include "muzero/tensor.h"
#include "muzero/torch_bridge.h"

namespace muzero {
namespace {

// Normalised features are clipped to this: rare input cannot throw the network
// off further than input it has seen.
constexpr double kMaxFeature = 10;

// What the heads' first weights are multiplied with, so that play starts from
// a nearly uniform policy and nearly equal values.
constexpr double kHeadsInitialScale = 0.1;

torch::Tensor NormalizeFeatures(const torch::Tensor& features,
                                const torch::Tensor& mean,
                                const torch::Tensor& deviation) {
  return features.sub(mean).div_(deviation).clamp_(-kMaxFeature, kMaxFeature);
}

}  // namespace

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
