#include "muzero/adam_w.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "muzero/network.h"
#include "muzero/tensor.h"
#include "muzero/torch_bridge.h"

namespace muzero {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

constexpr char kStep[] = "step";
constexpr char kFirstMoment[] = "first_moment/";
constexpr char kSecondMoment[] = "second_moment/";

absl::Status CheckTensor(const NamedTensors& state, const std::string& name,
                         const std::vector<int64_t>& shape) {
  const auto it = state.find(name);
  if (it != state.end() && it->second.shape == shape) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "optimiser state '", name, "' ",
      it == state.end()
          ? "is missing"
          : absl::StrCat("has shape [", absl::StrJoin(it->second.shape, ", "),
                         "]"),
      ", but the network needs [", absl::StrJoin(shape, ", "), "]"));
}

}  // namespace

AdamW::AdamW(std::vector<std::pair<std::string, torch::Tensor>> parameters,
             double weight_decay)
    : weight_decay_(weight_decay) {
  for (auto& [name, parameter] : parameters) {
    slots_.push_back({.name = name,
                      .parameter = parameter,
                      .first_moment = torch::zeros_like(parameter.detach()),
                      .second_moment = torch::zeros_like(parameter.detach())});
  }
}

void AdamW::Step(const std::vector<torch::Tensor>& gradients,
                 double learning_rate) {
  const torch::NoGradGuard no_grad;
  ++step_;
  const auto t = static_cast<double>(step_);
  const double first_correction = 1 - std::pow(kBeta1, t);
  const double second_correction = 1 - std::pow(kBeta2, t);
  for (size_t i = 0; i < slots_.size(); ++i) {
    const torch::Tensor& gradient = gradients[i];
    if (!gradient.defined()) continue;
    Slot& slot = slots_[i];
    slot.first_moment.mul_(kBeta1).add_(gradient, 1 - kBeta1);
    slot.second_moment.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    if (slot.parameter.dim() > 1) {
      slot.parameter.mul_(1 - learning_rate * weight_decay_);
    }
    const torch::Tensor deviation =
        slot.second_moment.div(second_correction).sqrt_().add_(kEpsilon);
    slot.parameter.addcdiv_(slot.first_moment, deviation,
                            -learning_rate / first_correction);
  }
}

NamedTensors AdamW::State() const {
  NamedTensors state;
  // A float counts exactly to 2^24, and past that the corrections are 1.
  state[kStep] = {.shape = {1}, .values = {static_cast<float>(step_)}};
  for (const Slot& slot : slots_) {
    state[kFirstMoment + slot.name] = ToFileTensor(slot.first_moment);
    state[kSecondMoment + slot.name] = ToFileTensor(slot.second_moment);
  }
  return state;
}

absl::Status AdamW::SetState(const NamedTensors& state) {
  absl::Status status = CheckTensor(state, kStep, {1});
  if (!status.ok()) return status;
  for (const Slot& slot : slots_) {
    for (const char* kind : {kFirstMoment, kSecondMoment}) {
      status =
          CheckTensor(state, kind + slot.name, slot.parameter.sizes().vec());
      if (!status.ok()) return status;
    }
  }
  if (state.size() != 2 * slots_.size() + 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("optimiser state has ", state.size(), " tensors, not ",
                     2 * slots_.size() + 1));
  }
  const float step = state.at(kStep).values[0];
  if (!(step >= 0 && step <= 0x1p53f)) {
    return absl::InvalidArgumentError(
        absl::StrCat("optimiser state 'step' is ", step));
  }
  step_ = static_cast<int64_t>(step);
  for (Slot& slot : slots_) {
    slot.first_moment.copy_(FromFileTensor(state.at(kFirstMoment + slot.name)));
    slot.second_moment.copy_(
        FromFileTensor(state.at(kSecondMoment + slot.name)));
  }
  return absl::OkStatus();
}

}  // namespace muzero
