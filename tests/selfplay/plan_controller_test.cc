#include "selfplay/plan_controller.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/offset_plan.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using encoder_bridge::SimulationResult;

constexpr int kFrames = 120;
constexpr SequenceInfo kSequence = {.width = 640,
                                    .height = 360,
                                    .frame_rate = 30,
                                    .num_frames = kFrames,
                                    .target_bitrate_kbps = 200};

SimulationResult Follow(const OffsetPlan& plan) {
  PlanController controller(kSequence, plan);
  const auto stats = encoder_bridge::SteadyStats(kFrames);
  return encoder_bridge::Simulate(controller, stats, {});
}

double BitsFraction(const SimulationResult& result) {
  return result.bits / (200'000.0 * kFrames / 30);
}

TEST(PlanControllerTest, APlanWithoutOffsetsIsFeedback) {
  encoder_bridge::FeedbackController feedback(kSequence);
  const auto stats = encoder_bridge::SteadyStats(kFrames);
  const SimulationResult alone = encoder_bridge::Simulate(feedback, stats, {});
  const SimulationResult followed = Follow(OffsetPlan::None(kFrames));
  ASSERT_EQ(followed.frames.size(), alone.frames.size());
  for (size_t i = 0; i < alone.frames.size(); ++i) {
    EXPECT_EQ(followed.frames[i].result.q_index,
              alone.frames[i].result.q_index);
  }
}

TEST(PlanControllerTest, FinerReferencesArePaidForByTheRest) {
  OffsetPlan plan = OffsetPlan::None(kFrames);
  AddToRange(plan.alt_ref, 0, kFrames, -0.5);
  const SimulationResult plain = Follow(OffsetPlan::None(kFrames));
  const SimulationResult finer = Follow(plan);
  EXPECT_LT(finer.MeanQIndex(FrameType::kAltRef),
            plain.MeanQIndex(FrameType::kAltRef) - 8);
  EXPECT_GT(finer.MeanQIndex(FrameType::kInter),
            plain.MeanQIndex(FrameType::kInter));
  EXPECT_NEAR(BitsFraction(finer), 1, 0.015);
}

// A feedback that did not learn what it is overruled to would have to raise the
// base from group to group.
TEST(PlanControllerTest, AHabitIsPaidForFromTheBeginning) {
  OffsetPlan plan = OffsetPlan::None(kFrames);
  AddToRange(plan.alt_ref, 0, kFrames, -0.5);
  const SimulationResult finer = Follow(plan);
  const size_t middle = finer.frames.size() / 2;
  const double late = finer.MeanQIndex(FrameType::kInter, middle);
  const double all = finer.MeanQIndex(FrameType::kInter);
  EXPECT_LT(late, all + 1);
}

// Never over the target, and under it by no more than the guard allows: the
// last leaves are never so much finer than their references that all is used
// up.
TEST(PlanControllerTest, AnOffsetOfAllFramesChangesNothingForLong) {
  OffsetPlan plan = OffsetPlan::None(kFrames);
  AddToRange(plan.leaf, 0, kFrames, 0.2);
  const SimulationResult result = Follow(plan);
  EXPECT_LT(BitsFraction(result), 1);
  EXPECT_GT(BitsFraction(result), 0.98);
}

}  // namespace
}  // namespace selfplay
