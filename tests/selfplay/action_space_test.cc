#include "selfplay/action_space.h"

#include <gtest/gtest.h>

#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

TEST(ActionSpaceTest, HasEveryQIndexButTheLosslessOne) {
  EXPECT_EQ(kNumActions, 255);
  EXPECT_EQ(QIndexOfAction(0), encoder_bridge::kMinQIndex);
  EXPECT_EQ(QIndexOfAction(kNumActions - 1), encoder_bridge::kMaxQIndex);
}

TEST(ActionSpaceTest, GoesBothWays) {
  for (int action = 0; action < kNumActions; ++action) {
    EXPECT_EQ(ActionOfQIndex(QIndexOfAction(action)), action);
  }
}

}  // namespace
}  // namespace selfplay
