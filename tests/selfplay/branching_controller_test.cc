#include "selfplay/branching_controller.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/offset_plan.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using testing_support::IsOk;

constexpr int kFrames = 40;
constexpr int kGroup = 10;

constexpr encoder_bridge::SequenceInfo kSequence = {.width = 640,
                                                    .height = 360,
                                                    .frame_rate = 30,
                                                    .num_frames = kFrames,
                                                    .target_bitrate_kbps = 400};

// An encoder whose pictures are the better the nearer offsets are to the ones
// it likes: 0.1 for leaves, -0.5 for ARFs and -1 for the key frame.
void Encode(BranchingController& controller) {
  const auto stats = encoder_bridge::SteadyStats(kFrames);
  ASSERT_THAT(controller.OnFirstPassStats(stats), IsOk());
  int coding_index = 0;
  double alt_ref_miss = 0;
  double key_miss = 0;
  const auto code = [&](FrameType type, int show_index) {
    const auto q_index = controller.ChooseQIndex(
        {.type = type, .show_index = show_index, .coding_index = coding_index});
    ASSERT_THAT(q_index, IsOk());
    const double offset = controller.plan().Of(type, show_index);
    double miss = 0;
    if (type == FrameType::kKey) key_miss = std::abs(offset + 1);
    if (type == FrameType::kAltRef) alt_ref_miss = std::abs(offset + 0.5);
    if (type == FrameType::kInter) miss = std::abs(offset - 0.1);
    miss += key_miss + alt_ref_miss;
    ASSERT_THAT(controller.OnFrameEncoded(
                    {.coding_index = coding_index++,
                     .q_index = *q_index,
                     .bits = 1000,
                     .sse = static_cast<int64_t>(1e4 * std::exp(miss)),
                     .pixel_count = 1000}),
                IsOk());
  };
  code(FrameType::kKey, 0);
  for (int first = 1; first < kFrames; first += kGroup) {
    const int last = std::min(first + kGroup, kFrames) - 1;
    code(FrameType::kAltRef, last);
    for (int i = first; i <= last; ++i) code(FrameType::kInter, i);
  }
}

OffsetPlan None() { return OffsetPlan::None(kFrames); }

std::vector<int> Boundaries() { return {0, 10, 20, 30, 39}; }

TEST(BranchingControllerTest, MovesReferencesTowardsWhatPays) {
  BranchingController controller(
      kSequence, None(), Boundaries(),
      {.steps = {.key = 0.3, .alt_ref = 0.2, .leaf = 0.1}});
  Encode(controller);
  const OffsetPlan& plan = controller.plan();
  EXPECT_NEAR(plan.Of(FrameType::kKey, 0), -0.3, 1e-9);
  EXPECT_NEAR(plan.Of(FrameType::kAltRef, 10), -0.2, 1e-9);
  EXPECT_FALSE(controller.IsTrial());
}

TEST(BranchingControllerTest, MovesLeavesTowardsWhatPays) {
  OffsetPlan plan = None();
  plan.key.assign(kFrames, -1);
  plan.alt_ref.assign(kFrames, -0.5);
  BranchingController controller(
      kSequence, plan, Boundaries(),
      {.steps = {.key = 0.3, .alt_ref = 0.2, .leaf = 0.1}});
  Encode(controller);
  for (const int i : {5, 15, 25, 35}) {
    EXPECT_NEAR(controller.plan().Of(FrameType::kInter, i), 0.1, 1e-9);
  }
}

TEST(BranchingControllerTest, CodesTheWholeHorizonInTrials) {
  BranchingController controller(kSequence, None(), Boundaries(), {});
  Encode(controller);
  // At least this group and the next, for each of five candidates.
  EXPECT_GT(controller.trial_frames(), 5 * 2 * kFrames / 2);
}

TEST(BranchingControllerTest, LeavesAPlanAloneThatNothingImproves) {
  OffsetPlan perfect = None();
  perfect.key.assign(kFrames, -1);
  perfect.alt_ref.assign(kFrames, -0.5);
  perfect.leaf.assign(kFrames, 0.1);
  BranchingController controller(kSequence, perfect, Boundaries(), {});
  Encode(controller);
  EXPECT_EQ(controller.plan().leaf, perfect.leaf);
  EXPECT_EQ(controller.plan().alt_ref, perfect.alt_ref);
  EXPECT_EQ(controller.plan().key, perfect.key);
}

TEST(BranchingControllerTest, WantsMoreThanASmallGain) {
  BranchingController controller(kSequence, None(), Boundaries(),
                                 {.min_gain_db = 50});
  Encode(controller);
  EXPECT_EQ(controller.plan().leaf, None().leaf);
}

}  // namespace
}  // namespace selfplay
