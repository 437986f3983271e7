#ifndef TESTS_SELFPLAY_FAKE_POLICIES_H_
#define TESTS_SELFPLAY_FAKE_POLICIES_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/features.h"
#include "tests/selfplay/fake_policy_model.h"

namespace selfplay {

inline FakePolicyModel::Policy Always(int q_index) {
  return [q_index](const muzero::Observation&) { return q_index; };
}

// What the feedback controller proposes, and `offset` more.
inline FakePolicyModel::Policy Feedback(int offset = 0) {
  return [offset](const muzero::Observation& observation) {
    const double log_step = double{observation.context[kFeedbackLogStep]};
    return std::clamp(encoder_bridge::QIndexForLogStep(log_step) + offset,
                      encoder_bridge::kMinQIndex, encoder_bridge::kMaxQIndex);
  };
}

inline FakePolicyModel::Policy AnyQIndex(uint64_t seed) {
  auto random = std::make_shared<std::mt19937_64>(seed);
  return [random](const muzero::Observation&) {
    return static_cast<int>((*random)() % encoder_bridge::kMaxQIndex) +
           encoder_bridge::kMinQIndex;
  };
}

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_FAKE_POLICIES_H_
