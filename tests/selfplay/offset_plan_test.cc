#include "selfplay/offset_plan.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameType;

TEST(OffsetPlanTest, EveryKindHasItsOwnOffset) {
  const OffsetPlan plan = {
      .key = {1, 1}, .alt_ref = {-0.5, -0.5}, .leaf = {0, 0.1}};
  EXPECT_EQ(plan.Of(FrameType::kKey, 1), 1);
  EXPECT_EQ(plan.Of(FrameType::kAltRef, 1), -0.5);
  EXPECT_EQ(plan.Of(FrameType::kInter, 1), 0.1);
  EXPECT_EQ(plan.Of(FrameType::kOverlay, 1), 0);
  EXPECT_DOUBLE_EQ(plan.Of(FrameType::kGolden, 0), -0.3);
}

TEST(OffsetPlanTest, ThereIsOneThatFollowsFeedback) {
  const OffsetPlan plan = OffsetPlan::None(3);
  for (const FrameType type :
       {FrameType::kKey, FrameType::kAltRef, FrameType::kInter}) {
    EXPECT_EQ(plan.Of(type, 2), 0);
  }
}

TEST(OffsetPlanTest, AddsToTheFramesThatThereAre) {
  std::vector<double> offsets = {0, 0, 0};
  AddToRange(offsets, -5, 1, 1);
  AddToRange(offsets, 2, 9, 2);
  AddToRange(offsets, 7, 9, 4);
  EXPECT_EQ(offsets, (std::vector<double>{1, 0, 2}));
}

}  // namespace
}  // namespace selfplay
