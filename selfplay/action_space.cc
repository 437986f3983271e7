#include "selfplay/action_space.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

// Of ExamplePolicy(), in actions.
constexpr double kExampleWidth = 2;

// As a number of actions from the first one, whole or not, in range.
double Place(int q_index, double feedback_log_step) {
  assert(q_index >= encoder_bridge::kMinQIndex &&
         q_index <= encoder_bridge::kMaxQIndex);
  const double offset =
      encoder_bridge::LogQuantizerStep(q_index) - feedback_log_step;
  return std::clamp(kProposedAction + offset / kActionStep, 0.0,
                    double{kNumActions - 1});
}

}  // namespace

int QIndexOfAction(int action, double feedback_log_step) {
  assert(action >= 0 && action < kNumActions);
  return encoder_bridge::QIndexForLogStep(
      feedback_log_step + (action - kProposedAction) * kActionStep);
}

int ActionOfQIndex(int q_index, double feedback_log_step) {
  return static_cast<int>(std::lround(Place(q_index, feedback_log_step)));
}

std::vector<float> ExamplePolicy(int q_index, double feedback_log_step) {
  const double place = Place(q_index, feedback_log_step);
  std::vector<double> weights(kNumActions);
  double sum = 0;
  for (int action = 0; action < kNumActions; ++action) {
    const double distance = (action - place) / kExampleWidth;
    const double weight = std::exp(-distance * distance / 2);
    weights[static_cast<size_t>(action)] = weight;
    sum += weight;
  }
  std::vector<float> policy;
  for (const double weight : weights) {
    policy.push_back(static_cast<float>(weight / sum));
  }
  return policy;
}

}  // namespace selfplay
