#include "selfplay/stretch_plan.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "selfplay/frame_complexity.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameType;
using encoder_bridge::RateModel;
using encoder_bridge::SteadyStats;

// `num_frames` frames that are all alike.
FrameComplexity EvenComplexity(int num_frames) {
  auto stats = SteadyStats(num_frames);
  for (auto& frame : stats) frame = stats.back();
  return FrameComplexity(RateModel(320, 240, stats),
                         std::vector<bool>(static_cast<size_t>(num_frames)));
}

FrameInfo Leaf(int show_index, int gop_index = 3) {
  return {.show_index = show_index, .gop_index = gop_index};
}

TEST(StretchPlanTest, LeavesAShortVideoWhole) {
  const FrameComplexity complexity = EvenComplexity(149);
  StretchPlan plan(complexity, 100);
  for (int i = 0; i < 149; ++i) {
    EXPECT_EQ(plan.Announce(Leaf(i, 0), 1000), i == 0);
  }
  EXPECT_EQ(plan.end(), 149);
  EXPECT_NEAR(plan.budget_bits(), 1000, 1e-9);
}

TEST(StretchPlanTest, CutsBeforeTheFirstGroupThatStartsLateEnough) {
  const FrameComplexity complexity = EvenComplexity(1000);
  StretchPlan plan(complexity, 100);
  EXPECT_TRUE(plan.Announce(Leaf(0, 0), 1000));
  EXPECT_EQ(plan.end(), 100);
  EXPECT_FALSE(plan.Announce(Leaf(90, 0), 900));
  EXPECT_FALSE(plan.Announce(Leaf(103), 900));
  EXPECT_EQ(plan.end(), 104);
  EXPECT_TRUE(plan.Announce(Leaf(105, 0), 900));
  EXPECT_EQ(plan.begin(), 105);
  EXPECT_EQ(plan.end(), 205);
}

TEST(StretchPlanTest, CutsAtAKeyFrameButNotAtAnAltRef) {
  const FrameComplexity complexity = EvenComplexity(1000);
  StretchPlan plan(complexity, 100);
  plan.Announce(Leaf(0), 1000);
  EXPECT_FALSE(plan.Announce(
      {.type = FrameType::kAltRef, .show_index = 120, .gop_index = 0}, 900));
  EXPECT_EQ(plan.end(), 121);
  EXPECT_TRUE(plan.Announce(
      {.type = FrameType::kKey, .show_index = 107, .gop_index = 5}, 900));
  EXPECT_EQ(plan.begin(), 107);
}

TEST(StretchPlanTest, SharesBitsByComplexity) {
  const FrameComplexity complexity = EvenComplexity(1000);
  StretchPlan plan(complexity, 250);
  plan.Announce(Leaf(0), 8000);
  EXPECT_NEAR(plan.budget_bits(), 2000, 40);
  EXPECT_NEAR(plan.BitsLeft(7500), 1500, 40);
}

TEST(StretchPlanTest, CarriesOnWhatIsLeft) {
  const FrameComplexity complexity = EvenComplexity(1000);
  StretchPlan plan(complexity, 250);
  plan.Announce(Leaf(0), 8000);
  plan.Announce(Leaf(250, 0), 7500);  // 1500 bits saved.
  EXPECT_NEAR(plan.budget_bits(), 2500, 60);
}

TEST(StretchPlanTest, GivesEvenAnOverspentVideoABudget) {
  const FrameComplexity complexity = EvenComplexity(1000);
  StretchPlan plan(complexity, 250);
  plan.Announce(Leaf(0), -5);
  EXPECT_GT(plan.budget_bits(), 0);
  EXPECT_LT(plan.BitsLeft(-500), 0);
}

}  // namespace
}  // namespace selfplay
