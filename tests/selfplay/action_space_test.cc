#include "selfplay/action_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::kMaxQIndex;
using encoder_bridge::kMinQIndex;
using encoder_bridge::LogQuantizerStep;

TEST(ActionSpaceTest, TheMiddleActionIsTheProposal) {
  for (int q_index = kMinQIndex; q_index <= kMaxQIndex; ++q_index) {
    const double proposed = LogQuantizerStep(q_index);
    EXPECT_EQ(QIndexOfAction(kProposedAction, proposed), q_index);
    EXPECT_EQ(ActionOfQIndex(q_index, proposed), kProposedAction);
  }
}

TEST(ActionSpaceTest, LaterActionsAreCoarser) {
  const double proposed = LogQuantizerStep(150);
  for (int action = 1; action < kNumActions; ++action) {
    EXPECT_GE(QIndexOfAction(action, proposed),
              QIndexOfAction(action - 1, proposed));
  }
  EXPECT_GT(QIndexOfAction(kNumActions - 1, proposed), 200);
  EXPECT_LT(QIndexOfAction(0, proposed), 90);
}

TEST(ActionSpaceTest, GoesBothWays) {
  const double proposed = LogQuantizerStep(150);
  for (int action = 0; action < kNumActions; ++action) {
    const int q_index = QIndexOfAction(action, proposed);
    EXPECT_EQ(QIndexOfAction(ActionOfQIndex(q_index, proposed), proposed),
              q_index);
  }
}

TEST(ActionSpaceTest, StaysInRangeAtBothEnds) {
  EXPECT_EQ(QIndexOfAction(0, LogQuantizerStep(kMinQIndex)), kMinQIndex);
  EXPECT_EQ(QIndexOfAction(kNumActions - 1, LogQuantizerStep(kMaxQIndex)),
            kMaxQIndex);
  EXPECT_EQ(ActionOfQIndex(kMinQIndex, LogQuantizerStep(kMaxQIndex)), 0);
  EXPECT_EQ(ActionOfQIndex(kMaxQIndex, LogQuantizerStep(kMinQIndex)),
            kNumActions - 1);
}

TEST(ActionSpaceTest, AnExamplesPolicyIsABellAroundIt) {
  const double proposed = LogQuantizerStep(150);
  const std::vector<float> policy = ExamplePolicy(140, proposed);
  EXPECT_NEAR(std::accumulate(policy.begin(), policy.end(), 0.0), 1, 1e-5);
  const auto most = std::max_element(policy.begin(), policy.end());
  EXPECT_EQ(most - policy.begin(), ActionOfQIndex(140, proposed));
  EXPECT_GT(*most, *(most + 2));
  EXPECT_GT(*(most + 2), 0.05);
  EXPECT_LT(*(most + 10), 1e-3);
}

}  // namespace
}  // namespace selfplay
