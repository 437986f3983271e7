#ifndef TESTS_SELFPLAY_FAKE_POLICY_MODEL_H_
#define TESTS_SELFPLAY_FAKE_POLICY_MODEL_H_

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"
#include "selfplay/action_space.h"
#include "selfplay/auxiliary.h"
#include "selfplay/features.h"

namespace selfplay {

// A model whose policy is a function of the observation, and which thinks
// every state worth nothing: a greedy search does what the policy says.
class FakePolicyModel : public muzero::Model {
 public:
  using Policy = std::function<int(const muzero::Observation&)>;  // q_index.

  explicit FakePolicyModel(Policy policy) : policy_(std::move(policy)) {}

  // From this call of InitialInference() on (the first is 0) it fails, or
  // answers with values that are no numbers.
  void FailFrom(int call) { fail_from_ = call; }
  void AnswerNanFrom(int call) { nan_from_ = call; }

  int calls() const { return calls_; }
  const std::vector<muzero::Observation>& observations() const {
    return observations_;
  }
  void KeepObservations() { keeps_observations_ = true; }

  int num_actions() const override { return kNumActions; }

  absl::StatusOr<std::vector<muzero::Prediction>> InitialInference(
      absl::Span<const muzero::Observation> observations) override {
    std::vector<muzero::Prediction> predictions;
    for (const muzero::Observation& observation : observations) {
      const int call = calls_++;
      if (call >= fail_from_) return absl::UnavailableError("the device died");
      if (keeps_observations_) observations_.push_back(observation);
      predictions.push_back(Indifferent());
      const int action = ActionOfQIndex(
          policy_(observation), double{observation.context[kFeedbackLogStep]});
      predictions.back().policy_logits[static_cast<size_t>(action)] = 20;
      if (call >= nan_from_) {
        predictions.back().value = std::numeric_limits<float>::quiet_NaN();
      }
    }
    return predictions;
  }

  absl::StatusOr<std::vector<muzero::Prediction>> RecurrentInference(
      absl::Span<const muzero::Transition> transitions) override {
    return std::vector<muzero::Prediction>(transitions.size(), Indifferent());
  }

 private:
  static muzero::Prediction Indifferent() {
    return {.hidden_state = {0},
            .policy_logits = std::vector<float>(kNumActions, 0),
            .auxiliary = std::vector<float>(kNumAuxiliary, 1)};
  }

  const Policy policy_;
  bool keeps_observations_ = false;
  int calls_ = 0;
  int fail_from_ = std::numeric_limits<int>::max();
  int nan_from_ = std::numeric_limits<int>::max();
  std::vector<muzero::Observation> observations_;
};

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_FAKE_POLICY_MODEL_H_
