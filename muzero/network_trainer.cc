#include "muzero/network_trainer.h"

#include <torch/autograd.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "muzero/adam_w.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/loss.h"
#include "muzero/network.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"
#include "muzero/tensor.h"
#include "muzero/torch_bridge.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"

namespace muzero {
namespace {

std::vector<std::pair<std::string, torch::Tensor>> NamedParameters(
    const Network& network) {
  std::vector<std::pair<std::string, torch::Tensor>> parameters;
  for (const auto& entry : network.named_parameters()) {
    parameters.emplace_back(entry.key(), entry.value());
  }
  return parameters;
}

std::vector<double> ToDoubles(const torch::Tensor& vector) {
  const torch::Tensor values =
      vector.to(torch::kCPU, torch::kFloat64).contiguous();
  const double* const begin = values.data_ptr<double>();
  return {begin, begin + values.numel()};
}

LossReport ToReport(const Losses& losses) {
  return {.total = losses.total.item<double>(),
          .policy = losses.policy.item<double>(),
          .value = losses.value.item<double>(),
          .auxiliary = ToDoubles(losses.auxiliary),
          .value_error = ToFileTensor(losses.value_error).values};
}

// The length of all gradients as one vector.
double GradientNorm(const std::vector<torch::Tensor>& gradients) {
  std::vector<torch::Tensor> norms;
  for (const torch::Tensor& gradient : gradients) {
    if (gradient.defined()) norms.push_back(gradient.norm());
  }
  return torch::stack(norms).norm().item<double>();
}

absl::Status CheckFeatures(absl::string_view field,
                           const std::vector<float>& values, int size,
                           bool may_be_negative) {
  if (values.size() != static_cast<size_t>(size)) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, " has ", values.size(), " entries, not ", size));
  }
  for (const float value : values) {
    if (std::isfinite(value) && (may_be_negative || value >= 0)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(field, " has the entry ", value));
  }
  return absl::OkStatus();
}

Tensor ToVector(const std::vector<float>& values) {
  return {.shape = {static_cast<int64_t>(values.size())}, .values = values};
}

Tensor ToDivisor(std::vector<float> deviation) {
  for (float& value : deviation) {
    if (value == 0) value = 1;
  }
  return ToVector(deviation);
}

}  // namespace

struct NetworkTrainer::Parts {
  TrainerConfig config;
  const std::shared_ptr<Network> network;
  AdamW optimizer;
  int64_t step = 0;

  // `network` has its weights and is where it is to be.
  static std::unique_ptr<Parts> Create(const TrainerConfig& config,
                                       std::shared_ptr<Network> network) {
    AdamW optimizer(NamedParameters(*network), config.weight_decay);
    return std::unique_ptr<Parts>(new Parts{.config = config,
                                            .network = std::move(network),
                                            .optimizer = std::move(optimizer)});
  }

  absl::StatusOr<TrainingBatch> Load(absl::Span<const Sample> samples) const {
    const absl::StatusOr<TrainingBatch> batch =
        MakeTrainingBatch(network->config(), samples);
    if (!batch.ok()) return batch.status();
    return Convert(*batch, network->device(), torch::kFloat32);
  }
};

NetworkTrainer::NetworkTrainer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

NetworkTrainer::~NetworkTrainer() = default;

absl::StatusOr<std::unique_ptr<NetworkTrainer>> NetworkTrainer::Create(
    const NetworkConfig& network_config, const TrainerConfig& config,
    uint64_t seed, Device device) {
  absl::Status status = network_config.Validate();
  if (!status.ok()) return status;
  status = config.Validate();
  if (!status.ok()) return status;
  UseCallingThreadOnly();
  try {
    const absl::StatusOr<torch::Device> place = FindDevice(device);
    if (!place.ok()) return place.status();
    auto network = std::make_shared<Network>(network_config);
    network->Initialize(seed);
    network->to(*place);
    return std::unique_ptr<NetworkTrainer>(
        new NetworkTrainer(Parts::Create(config, std::move(network))));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

absl::StatusOr<std::unique_ptr<NetworkTrainer>> NetworkTrainer::Resume(
    const Checkpoint& checkpoint, const TrainerConfig& config, Device device) {
  absl::Status status = config.Validate();
  if (!status.ok()) return status;
  try {
    absl::StatusOr<std::shared_ptr<Network>> network =
        LoadNetwork(checkpoint, device);
    if (!network.ok()) return network.status();
    std::unique_ptr<Parts> parts = Parts::Create(config, *std::move(network));
    parts->step = checkpoint.step;
    if (!checkpoint.optimizer.empty()) {
      status = parts->optimizer.SetState(checkpoint.optimizer);
      if (!status.ok()) return status;
    }
    return std::unique_ptr<NetworkTrainer>(
        new NetworkTrainer(std::move(parts)));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

absl::Status NetworkTrainer::SetNormalization(
    const FeatureNormalization& normalization) {
  const NetworkConfig& config = parts_->network->config();
  absl::Status status;
  status.Update(CheckFeatures("token_mean", normalization.token_mean,
                              config.token_size, /*may_be_negative=*/true));
  status.Update(CheckFeatures("token_deviation", normalization.token_deviation,
                              config.token_size, /*may_be_negative=*/false));
  status.Update(CheckFeatures("context_mean", normalization.context_mean,
                              config.context_size, /*may_be_negative=*/true));
  status.Update(CheckFeatures(
      "context_deviation", normalization.context_deviation, config.context_size,
      /*may_be_negative=*/false));
  if (!status.ok()) return status;
  try {
    NamedTensors weights = parts_->network->Weights();
    weights["token_mean"] = ToVector(normalization.token_mean);
    weights["token_deviation"] = ToDivisor(normalization.token_deviation);
    weights["context_mean"] = ToVector(normalization.context_mean);
    weights["context_deviation"] = ToDivisor(normalization.context_deviation);
    parts_->network->SetWeights(weights);
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

void NetworkTrainer::SetLearningRate(double learning_rate) {
  parts_->config.learning_rate = learning_rate;
}

absl::StatusOr<LossReport> NetworkTrainer::Step(
    absl::Span<const Sample> batch) {
  try {
    const absl::StatusOr<TrainingBatch> tensors = parts_->Load(batch);
    if (!tensors.ok()) return tensors.status();
    const Losses losses =
        ComputeLosses(parts_->config, *tensors, *parts_->network);
    // Of an unroll of no steps, the dynamics have no gradient.
    std::vector<torch::Tensor> gradients = torch::autograd::grad(
        {losses.total}, parts_->network->parameters(), /*grad_outputs=*/{},
        /*retain_graph=*/{}, /*create_graph=*/false, /*allow_unused=*/true);
    LossReport report = ToReport(losses);
    report.gradient_norm = GradientNorm(gradients);
    if (!std::isfinite(report.total) || !std::isfinite(report.gradient_norm)) {
      return absl::InternalError(absl::StrCat(
          "step ", parts_->step, ": loss ", report.total, " and gradient norm ",
          report.gradient_norm, " must be finite"));
    }
    if (report.gradient_norm > parts_->config.max_gradient_norm) {
      for (torch::Tensor& gradient : gradients) {
        if (!gradient.defined()) continue;
        gradient = gradient *
                   (parts_->config.max_gradient_norm / report.gradient_norm);
      }
    }
    parts_->optimizer.Step(gradients, parts_->config.learning_rate);
    ++parts_->step;
    return report;
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

absl::StatusOr<LossReport> NetworkTrainer::Evaluate(
    absl::Span<const Sample> batch) {
  try {
    const torch::NoGradGuard no_grad;
    const absl::StatusOr<TrainingBatch> tensors = parts_->Load(batch);
    if (!tensors.ok()) return tensors.status();
    return ToReport(ComputeLosses(parts_->config, *tensors, *parts_->network));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

int64_t NetworkTrainer::step() const { return parts_->step; }

absl::StatusOr<Checkpoint> NetworkTrainer::ToCheckpoint(
    bool with_optimizer) const {
  try {
    Checkpoint checkpoint = {.config = parts_->network->config(),
                             .weights = parts_->network->Weights(),
                             .step = parts_->step};
    if (with_optimizer) checkpoint.optimizer = parts_->optimizer.State();
    return checkpoint;
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

}  // namespace muzero
