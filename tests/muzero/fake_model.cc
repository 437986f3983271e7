#include "tests/muzero/fake_model.h"

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace muzero {

Observation ObservationOf(int state) {
  return {.context = {static_cast<float>(state)}};
}

FakeModel::FakeModel(Mdp mdp) : mdp_(std::move(mdp)) {}

void FakeModel::set_tamper(
    std::function<void(int call, std::vector<Prediction>& answer)> tamper) {
  tamper_ = std::move(tamper);
}

int FakeModel::num_actions() const { return mdp_.num_actions(); }

absl::StatusOr<std::vector<Prediction>> FakeModel::InitialInference(
    absl::Span<const Observation> observations) {
  std::vector<Prediction> answer;
  for (const Observation& observation : observations) {
    answer.push_back(Predict(static_cast<int>(observation.context.at(0)),
                             /*action=*/-1, /*reward=*/0));
  }
  return Finish(std::move(answer));
}

absl::StatusOr<std::vector<Prediction>> FakeModel::RecurrentInference(
    absl::Span<const Transition> transitions) {
  std::vector<Prediction> answer;
  for (const Transition& transition : transitions) {
    const auto state = static_cast<size_t>(transition.hidden_state.at(0));
    const auto action = static_cast<size_t>(transition.action);
    answer.push_back(Predict(mdp_.next_states.at(state).at(action),
                             transition.action,
                             mdp_.rewards.at(state).at(action)));
  }
  return Finish(std::move(answer));
}

Prediction FakeModel::Predict(int state, int action, float reward) const {
  const auto row = static_cast<size_t>(state);
  return {.hidden_state = {static_cast<float>(state)},
          .policy_logits = mdp_.logits.at(row),
          .value = mdp_.values.at(row),
          .reward = reward,
          .auxiliary = {static_cast<float>(state), static_cast<float>(action)}};
}

std::vector<Prediction> FakeModel::Finish(std::vector<Prediction> answer) {
  if (tamper_) tamper_(num_calls_, answer);
  ++num_calls_;
  return answer;
}

}  // namespace muzero
