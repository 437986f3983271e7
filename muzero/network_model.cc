#include "muzero/network_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network.h"
#include "muzero/network_config.h"
#include "muzero/torch_bridge.h"

namespace muzero {

struct NetworkModel::Parts {
  const std::shared_ptr<Network> network;
  torch::Tensor action_embeddings;  // [num_actions, hidden_size]

  const NetworkConfig& config() const { return network->config(); }
};

namespace {

// Row `index` of a matrix on the CPU.
absl::Span<const float> Row(const torch::Tensor& matrix, int64_t index) {
  return {matrix.data_ptr<float>() + index * matrix.stride(0),
          static_cast<size_t>(matrix.size(1))};
}

std::vector<float> RowCopy(const torch::Tensor& matrix, int64_t index) {
  const absl::Span<const float> row = Row(matrix, index);
  return {row.begin(), row.end()};
}

std::vector<Prediction> Unpack(const NetworkConfig& config,
                               const PredictionBatch& batch) {
  const torch::Tensor hidden_state = batch.hidden_state.cpu();
  const torch::Tensor policy_logits = batch.policy_logits.cpu();
  const torch::Tensor value_logits = batch.value_logits.cpu();
  const torch::Tensor auxiliary = batch.auxiliary.cpu();
  std::vector<Prediction> predictions;
  predictions.reserve(static_cast<size_t>(hidden_state.size(0)));
  for (int64_t i = 0; i < hidden_state.size(0); ++i) {
    Prediction& prediction = predictions.emplace_back();
    prediction.hidden_state = RowCopy(hidden_state, i);
    prediction.policy_logits = RowCopy(policy_logits, i);
    prediction.value =
        static_cast<float>(config.support.Mean(Row(value_logits, i)));
    prediction.auxiliary = RowCopy(auxiliary, i);
    for (size_t j = 0; j < config.auxiliary_heads.size(); ++j) {
      const AuxiliaryHead& head = config.auxiliary_heads[j];
      prediction.auxiliary[j] = static_cast<float>(
          head.offset + head.scale * double{prediction.auxiliary[j]});
    }
  }
  return predictions;
}

absl::Status CheckTransition(const NetworkConfig& config,
                             const Transition& transition, size_t index) {
  if (transition.hidden_state.size() !=
      static_cast<size_t>(config.hidden_size)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "transition ", index, ": hidden_state has ",
        transition.hidden_state.size(), " entries, not ", config.hidden_size));
  }
  if (transition.action < 0 || transition.action >= config.num_actions) {
    return absl::InvalidArgumentError(
        absl::StrCat("transition ", index, ": action ", transition.action,
                     " is not in [0, ", config.num_actions, ")"));
  }
  return absl::OkStatus();
}

}  // namespace

NetworkModel::NetworkModel(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

NetworkModel::~NetworkModel() = default;

absl::StatusOr<std::unique_ptr<NetworkModel>> NetworkModel::Create(
    const Checkpoint& checkpoint, Device device) {
  try {
    absl::StatusOr<std::shared_ptr<Network>> network =
        LoadNetwork(checkpoint, device);
    if (!network.ok()) return network.status();
    for (const torch::Tensor& parameter : (*network)->parameters()) {
      parameter.set_requires_grad(false);
    }
    const torch::Tensor embeddings = (*network)->ActionEmbeddings();
    return std::unique_ptr<NetworkModel>(
        new NetworkModel(std::unique_ptr<Parts>(new Parts{
            .network = *std::move(network), .action_embeddings = embeddings})));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

const NetworkConfig& NetworkModel::config() const { return parts_->config(); }

int NetworkModel::num_actions() const { return config().num_actions; }

absl::StatusOr<std::vector<Prediction>> NetworkModel::InitialInference(
    absl::Span<const Observation> observations) {
  if (observations.empty()) return std::vector<Prediction>();
  std::vector<const Observation*> pointers;
  for (const Observation& observation : observations) {
    pointers.push_back(&observation);
  }
  try {
    const c10::InferenceMode inference_mode;
    absl::StatusOr<ObservationBatch> batch =
        MakeObservationBatch(config(), pointers);
    if (!batch.ok()) return batch.status();
    return Unpack(config(), parts_->network->Initial(
                                ToDevice(*batch, parts_->network->device())));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

absl::StatusOr<std::vector<Prediction>> NetworkModel::RecurrentInference(
    absl::Span<const Transition> transitions) {
  if (transitions.empty()) return std::vector<Prediction>();
  try {
    const c10::InferenceMode inference_mode;
    const auto batch = static_cast<int64_t>(transitions.size());
    torch::Tensor hidden_state = torch::empty({batch, config().hidden_size});
    torch::Tensor actions = torch::empty({batch}, torch::kInt64);
    for (size_t i = 0; i < transitions.size(); ++i) {
      const absl::Status status = CheckTransition(config(), transitions[i], i);
      if (!status.ok()) return status;
      std::copy(transitions[i].hidden_state.begin(),
                transitions[i].hidden_state.end(),
                hidden_state.data_ptr<float>() +
                    static_cast<int64_t>(i) * config().hidden_size);
      actions.data_ptr<int64_t>()[i] = transitions[i].action;
    }
    return Unpack(config(), parts_->network->Recurrent(
                                hidden_state.to(parts_->network->device()),
                                parts_->action_embeddings.index_select(
                                    0, actions.to(parts_->network->device()))));
  } catch (const std::exception& error) {
    return TorchError(error);
  }
}

}  // namespace muzero
