#include "selfplay/action_space.h"

#include <cassert>

#include "encoder_bridge/rate_controller.h"

namespace selfplay {

int QIndexOfAction(int action) {
  assert(action >= 0 && action < kNumActions);
  return action + encoder_bridge::kMinQIndex;
}

int ActionOfQIndex(int q_index) {
  assert(q_index >= encoder_bridge::kMinQIndex &&
         q_index <= encoder_bridge::kMaxQIndex);
  return q_index - encoder_bridge::kMinQIndex;
}

}  // namespace selfplay
