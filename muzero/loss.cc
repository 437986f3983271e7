#include "muzero/loss.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "muzero/network.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"
#include "muzero/trainer_config.h"

namespace muzero {
namespace {

absl::Status SampleError(size_t index, const std::string& reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("sample ", index, ": ", reason));
}

absl::Status CheckTarget(const NetworkConfig& config, const TargetState& target,
                         size_t index) {
  const auto num_actions = static_cast<size_t>(config.num_actions);
  const size_t num_auxiliary = config.auxiliary_heads.size();
  if (!std::isfinite(target.value)) {
    return SampleError(index,
                       absl::StrCat("value ", target.value, " is not finite"));
  }
  if (!target.policy.empty() && target.policy.size() != num_actions) {
    return SampleError(index,
                       absl::StrCat("policy has ", target.policy.size(),
                                    " entries, not ", num_actions, " or none"));
  }
  if (!target.auxiliary.empty() && target.auxiliary.size() != num_auxiliary) {
    return SampleError(
        index, absl::StrCat("auxiliary has ", target.auxiliary.size(),
                            " entries, not ", num_auxiliary, " or none"));
  }
  return absl::OkStatus();
}

absl::Status CheckSample(const NetworkConfig& config, const Sample& sample,
                         size_t num_unroll_steps, size_t index) {
  if (sample.actions.size() != num_unroll_steps ||
      sample.targets.size() != num_unroll_steps + 1) {
    return SampleError(index,
                       absl::StrCat(sample.actions.size(), " actions and ",
                                    sample.targets.size(), " targets, not ",
                                    num_unroll_steps, " and one more"));
  }
  for (const int action : sample.actions) {
    if (action < 0 || action >= config.num_actions) {
      return SampleError(index,
                         absl::StrCat("action ", action, " is not in [0, ",
                                      config.num_actions, ")"));
    }
  }
  for (const TargetState& target : sample.targets) {
    const absl::Status status = CheckTarget(config, target, index);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Writes one state's targets into the tensors of a batch.
class TargetWriter {
 public:
  TargetWriter(const NetworkConfig& config, TrainingBatch& batch)
      : config_(config), batch_(batch) {}

  // `row` counts the states of all samples.
  void Write(const TargetState& target, int64_t row) {
    batch_.value.data_ptr<float>()[row] = target.value;
    const std::vector<float> two_hot = config_.support.TwoHot(target.value);
    std::copy(
        two_hot.begin(), two_hot.end(),
        batch_.value_two_hot.data_ptr<float>() + row * config_.support.size);
    if (!target.policy.empty()) {
      batch_.has_policy.data_ptr<float>()[row] = 1;
      std::copy(target.policy.begin(), target.policy.end(),
                batch_.policy.data_ptr<float>() + row * config_.num_actions);
    }
    const auto num_auxiliary =
        static_cast<int64_t>(config_.auxiliary_heads.size());
    for (size_t j = 0; j < target.auxiliary.size(); ++j) {
      if (std::isnan(target.auxiliary[j])) continue;
      const AuxiliaryHead& head = config_.auxiliary_heads[j];
      const int64_t index = row * num_auxiliary + static_cast<int64_t>(j);
      batch_.has_auxiliary.data_ptr<float>()[index] = 1;
      batch_.auxiliary.data_ptr<float>()[index] = static_cast<float>(
          (double{target.auxiliary[j]} - head.offset) / head.scale);
    }
  }

 private:
  const NetworkConfig& config_;
  TrainingBatch& batch_;
};

// `state` with its gradient scaled, its value not.
torch::Tensor ScaleGradient(const torch::Tensor& state, double scale) {
  const torch::Tensor constant = state.detach();
  return constant + (state - constant) * scale;
}

// Predictions of all unrolled states.
struct Unroll {
  torch::Tensor policy_logits;  // [batch, K + 1, num_actions]
  torch::Tensor value_logits;   // [batch, K + 1, support.size]
  torch::Tensor auxiliary;      // [batch, K + 1, num_auxiliary]
};

Unroll UnrollNetwork(const TrainingBatch& batch, double gradient_scale,
                     Network& network) {
  const torch::Tensor action_embeddings = network.ActionEmbeddings();
  PredictionBatch prediction = network.Initial(batch.observations);
  std::vector<torch::Tensor> policy_logits = {prediction.policy_logits};
  std::vector<torch::Tensor> value_logits = {prediction.value_logits};
  std::vector<torch::Tensor> auxiliary = {prediction.auxiliary};
  for (int64_t k = 0; k < batch.actions.size(1); ++k) {
    prediction = network.Recurrent(
        ScaleGradient(prediction.hidden_state, gradient_scale),
        action_embeddings.index_select(0, batch.actions.select(1, k)));
    policy_logits.push_back(prediction.policy_logits);
    value_logits.push_back(prediction.value_logits);
    auxiliary.push_back(prediction.auxiliary);
  }
  return {.policy_logits = torch::stack(policy_logits, /*dim=*/1),
          .value_logits = torch::stack(value_logits, /*dim=*/1),
          .auxiliary = torch::stack(auxiliary, /*dim=*/1)};
}

// [batch, K + 1] from distributions and logits, [batch, K + 1, size].
torch::Tensor CrossEntropy(const torch::Tensor& target,
                           const torch::Tensor& logits) {
  return -(target * logits.log_softmax(/*dim=*/-1)).sum(/*dim=*/-1);
}

// [num_auxiliary]
torch::Tensor HeadWeights(const NetworkConfig& config,
                          const torch::TensorOptions& options) {
  std::vector<double> weights;
  for (const AuxiliaryHead& head : config.auxiliary_heads) {
    weights.push_back(head.weight);
  }
  return torch::tensor(weights, torch::kFloat64).to(options);
}

// [K + 1]: 1 for the root, 1/K for each of the others.
torch::Tensor StepScales(int64_t num_unroll_steps,
                         const torch::TensorOptions& options) {
  torch::Tensor scales = torch::ones({num_unroll_steps + 1}, torch::kFloat64);
  if (num_unroll_steps > 0) {
    scales.slice(0, 1).div_(static_cast<double>(num_unroll_steps));
  }
  return scales.to(options);
}

// |mean of the categorical value - target| of the roots.
torch::Tensor RootValueError(const NetworkConfig& config,
                             const torch::Tensor& value_logits,
                             const torch::Tensor& value) {
  const torch::Tensor points =
      torch::linspace(config.support.min, config.support.max,
                      config.support.size, value.options());
  const torch::Tensor predicted =
      value_logits.detach().select(1, 0).softmax(/*dim=*/-1).mv(points);
  return (predicted - value.select(1, 0)).abs();
}

}  // namespace

absl::StatusOr<TrainingBatch> MakeTrainingBatch(
    const NetworkConfig& config, absl::Span<const Sample> samples) {
  if (samples.empty()) {
    return absl::InvalidArgumentError("a batch of no samples");
  }
  const size_t num_unroll_steps = samples[0].actions.size();
  std::vector<const Observation*> observations;
  for (size_t i = 0; i < samples.size(); ++i) {
    const absl::Status status =
        CheckSample(config, samples[i], num_unroll_steps, i);
    if (!status.ok()) return status;
    observations.push_back(&samples[i].observation);
  }
  absl::StatusOr<ObservationBatch> observation_batch =
      MakeObservationBatch(config, observations);
  if (!observation_batch.ok()) return observation_batch.status();

  const auto size = static_cast<int64_t>(samples.size());
  const auto num_actions_taken = static_cast<int64_t>(num_unroll_steps);
  const int64_t num_states = num_actions_taken + 1;
  const auto num_auxiliary =
      static_cast<int64_t>(config.auxiliary_heads.size());
  TrainingBatch batch = {
      .observations = *std::move(observation_batch),
      .actions = torch::empty({size, num_actions_taken}, torch::kInt64),
      .policy = torch::zeros({size, num_states, config.num_actions}),
      .has_policy = torch::zeros({size, num_states}),
      .value = torch::zeros({size, num_states}),
      .value_two_hot = torch::zeros({size, num_states, config.support.size}),
      .auxiliary = torch::zeros({size, num_states, num_auxiliary}),
      .has_auxiliary = torch::zeros({size, num_states, num_auxiliary}),
      .weight = torch::empty({size})};
  TargetWriter writer(config, batch);
  for (int64_t i = 0; i < size; ++i) {
    const Sample& sample = samples[static_cast<size_t>(i)];
    batch.weight.data_ptr<float>()[i] = sample.weight;
    std::copy(sample.actions.begin(), sample.actions.end(),
              batch.actions.data_ptr<int64_t>() + i * num_actions_taken);
    for (int64_t k = 0; k < num_states; ++k) {
      writer.Write(sample.targets[static_cast<size_t>(k)], i * num_states + k);
    }
  }
  return batch;
}

TrainingBatch Convert(const TrainingBatch& batch, torch::Device device,
                      torch::ScalarType type) {
  TrainingBatch result = batch;
  result.observations = ToDevice(batch.observations, device);
  result.actions = batch.actions.to(device);
  for (torch::Tensor* tensor :
       {&result.observations.tokens, &result.observations.context,
        &result.policy, &result.has_policy, &result.value,
        &result.value_two_hot, &result.auxiliary, &result.has_auxiliary,
        &result.weight}) {
    *tensor = tensor->to(device, type);
  }
  return result;
}

Losses ComputeLosses(const TrainerConfig& config, const TrainingBatch& batch,
                     Network& network) {
  const Unroll unroll =
      UnrollNetwork(batch, config.dynamics_gradient_scale, network);
  const torch::TensorOptions options = batch.weight.options();

  // Masked policies are all zeros, and so is their cross-entropy.
  const torch::Tensor policy = CrossEntropy(batch.policy, unroll.policy_logits);
  const torch::Tensor value =
      CrossEntropy(batch.value_two_hot, unroll.value_logits);
  const torch::Tensor auxiliary =
      (unroll.auxiliary - batch.auxiliary).square() * batch.has_auxiliary;
  const torch::Tensor state_losses =  // [batch, K + 1]
      policy * config.policy_weight + value * config.value_weight +
      (auxiliary * HeadWeights(network.config(), options)).sum(/*dim=*/-1) *
          config.auxiliary_weight;
  const torch::Tensor sample_losses =
      state_losses.mv(StepScales(batch.actions.size(1), options));

  return {.total = (sample_losses * batch.weight).mean(),
          .policy = policy.detach().sum() / batch.has_policy.sum().clamp_min(1),
          .value = value.detach().mean(),
          .auxiliary = auxiliary.detach().flatten(0, 1).sum(0) /
                       batch.has_auxiliary.flatten(0, 1).sum(0).clamp_min(1),
          .value_error = RootValueError(network.config(), unroll.value_logits,
                                        batch.value)};
}

}  // namespace muzero
