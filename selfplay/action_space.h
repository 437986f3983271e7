#ifndef SELFPLAY_ACTION_SPACE_H_
#define SELFPLAY_ACTION_SPACE_H_

#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// The planner's actions are VP9's q_index values, all but the lossless 0:
// action 0 is q_index 1, the finest, action 254 is q_index 255.
inline constexpr int kNumActions =
    encoder_bridge::kMaxQIndex - encoder_bridge::kMinQIndex + 1;

// REQUIRES: `action` in [0, kNumActions).
int QIndexOfAction(int action);

// REQUIRES: `q_index` in [kMinQIndex, kMaxQIndex].
int ActionOfQIndex(int q_index);

}  // namespace selfplay

#endif  // SELFPLAY_ACTION_SPACE_H_
