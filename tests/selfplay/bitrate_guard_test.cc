#include "selfplay/bitrate_guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::BitPlan;
using encoder_bridge::FeedbackOutlook;
using encoder_bridge::FrameType;
using encoder_bridge::LogQuantizerStep;
using encoder_bridge::PlannedFrame;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr double kStep = 5.3;  // Where every frame takes 1000 bits.
const PlannedFrame kFrame = {.cost = {.log_bits = std::log(1000.0)}};

// A clip of 100 frames alike with 1000 bits for each; `coded` of them took
// `spent_bits` together because they were coded finer or coarser.
class Clip {
 public:
  explicit Clip(int coded, double spent_bits) {
    for (int i = coded; i < 100; ++i) remaining_.Add(kFrame);
    outlook_ = {.target_bits = 1e5,
                .goal_bits = 1e5,
                .spent_bits = spent_bits,
                .frames_left = 1 - coded / 100.0,
                .log_base = kStep,
                .proposed_log_step = kStep,
                .frame = kFrame,
                .factors = {1, 1, 1},
                .remaining = &remaining_};
    for (int i = 0; i < coded; ++i) {
      guard_.OnFrameEncoded(outlook_,
                            {.q_index = encoder_bridge::QIndexForLogStep(
                                 kStep - std::log(spent_bits / coded / 1000)),
                             .bits = static_cast<int64_t>(spent_bits / coded)});
    }
  }

  StepCorridor Corridor(FrameType type = FrameType::kInter) const {
    return guard_.Corridor(type, outlook_);
  }

 private:
  BitPlan remaining_;
  FeedbackOutlook outlook_;
  BitrateGuard guard_{GuardOptions()};
};

TEST(BitrateGuardTest, IsWideWhileThereIsARestToMakeUpForTheFrame) {
  const StepCorridor leaf = Clip(50, 50'000).Corridor();
  EXPECT_NEAR(leaf.finest, kStep - GuardOptions().width, 1e-9);
  EXPECT_NEAR(leaf.coarsest, kStep + GuardOptions().width, 1e-9);
  const StepCorridor key = Clip(50, 50'000).Corridor(FrameType::kKey);
  EXPECT_NEAR(key.finest, kStep - GuardOptions().finer_reference_width, 1e-9);
  EXPECT_NEAR(key.coarsest, kStep + GuardOptions().width, 1e-9);
}

TEST(BitrateGuardTest, AllowsNothingFinerOnceTooMuchIsBorrowed) {
  const StepCorridor corridor = Clip(50, 80'000).Corridor();
  EXPECT_EQ(corridor.finest, kStep);
  EXPECT_GT(corridor.coarsest, kStep + 0.5);
}

TEST(BitrateGuardTest, AllowsNothingCoarserOnceTooMuchIsSaved) {
  const StepCorridor corridor = Clip(50, 20'000).Corridor();
  EXPECT_LT(corridor.finest, kStep - 0.5);
  EXPECT_EQ(corridor.coarsest, kStep);
}

TEST(BitrateGuardTest, IsNarrowAtTheEnd) {
  const StepCorridor corridor = Clip(99, 99'000).Corridor();
  // The tolerance, 1000 bits, is another frame's worth.
  EXPECT_GT(corridor.finest, kStep - 0.7);
  const StepCorridor late = Clip(99, 99'900).Corridor();
  EXPECT_EQ(late.finest, kStep);
}

TEST(BitrateGuardTest, AlwaysHoldsWhatFeedbackProposes) {
  for (const int coded : {1, 30, 60, 99}) {
    for (const double spent : {10.0, 3e4, 6e4, 9e4, 2e5}) {
      const StepCorridor corridor = Clip(coded, spent).Corridor();
      EXPECT_LE(corridor.finest, kStep) << coded << " " << spent;
      EXPECT_GE(corridor.coarsest, kStep) << coded << " " << spent;
    }
  }
}

TEST(StepCorridorTest, LeavesAloneWhatIsInside) {
  const StepCorridor corridor = {.finest = LogQuantizerStep(100),
                                 .coarsest = LogQuantizerStep(150)};
  for (int q_index = 100; q_index <= 150; ++q_index) {
    EXPECT_EQ(corridor.Nearest(q_index), q_index);
  }
}

TEST(StepCorridorTest, MovesWhatIsOutsideToTheNearestInside) {
  const StepCorridor corridor = {.finest = LogQuantizerStep(100) - 0.004,
                                 .coarsest = LogQuantizerStep(150) + 0.004};
  EXPECT_EQ(corridor.Nearest(1), 100);
  EXPECT_EQ(corridor.Nearest(255), 150);
  const StepCorridor tight = {.finest = LogQuantizerStep(100) + 0.004,
                              .coarsest = LogQuantizerStep(150) - 0.004};
  EXPECT_EQ(tight.Nearest(1), 101);
  EXPECT_EQ(tight.Nearest(255), 149);
}

TEST(StepCorridorTest, HasAnAnswerEvenWithoutAnyQIndexInside) {
  const StepCorridor nothing = {.finest = LogQuantizerStep(255) + 1,
                                .coarsest = LogQuantizerStep(255) + 1};
  EXPECT_EQ(nothing.Nearest(7), 255);
  const StepCorridor between = {.finest = LogQuantizerStep(200) + 0.005,
                                .coarsest = LogQuantizerStep(200) + 0.006};
  EXPECT_EQ(between.Nearest(1), 200);
  EXPECT_EQ(between.Nearest(255), 200);
}

TEST(GuardOptionsTest, AreValidUnlessTheyMakeNoSense) {
  EXPECT_THAT(GuardOptions().Validate(), IsOk());
  EXPECT_THAT(
      (GuardOptions{.finer_reference_width = -1}).Validate(),
      HasStatus(absl::StatusCode::kInvalidArgument, "finer_reference_width"));
  EXPECT_THAT((GuardOptions{.tolerance = std::nan("")}).Validate(),
              HasStatus(absl::StatusCode::kInvalidArgument, "tolerance"));
  EXPECT_THAT(
      (GuardOptions{.frame_risk = std::numeric_limits<double>::infinity()})
          .Validate(),
      HasStatus(absl::StatusCode::kInvalidArgument, "frame_risk"));
}

}  // namespace
}  // namespace selfplay
