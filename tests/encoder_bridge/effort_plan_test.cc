#include "encoder_bridge/effort_plan.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/step_change.h"

namespace encoder_bridge {
namespace {

constexpr double kDbPerBit = 0.001;

StretchResult Stretch(double bits, double psnr_sum_db) {
  return {.bits = bits,
          .psnr_sum_db = psnr_sum_db,
          .shown_frames = 20,
          .is_end = false,
          .exceeds_target = false};
}

StretchResult LastStretch(double bits, double psnr_sum_db,
                          bool exceeds_target) {
  StretchResult result = Stretch(bits, psnr_sum_db);
  result.is_end = true;
  result.exceeds_target = exceeds_target;
  return result;
}

TEST(EffortPlanTest, TriesAsManyWaysAsThereIsEffortFromNoChangeOn) {
  for (int effort = 1; effort <= kMaxEffort; ++effort) {
    const EffortPlan plan = EffortPlanFor(effort);
    for (const auto* changes : {&plan.key_changes, &plan.changes}) {
      ASSERT_EQ(static_cast<int>(changes->size()), effort);
      for (const FrameType type : {FrameType::kKey, FrameType::kAltRef,
                                   FrameType::kGolden, FrameType::kInter}) {
        EXPECT_EQ(changes->front().Of(type), 0);
      }
    }
    EXPECT_GT(plan.window_frames, plan.changed_frames);
  }
}

TEST(StepChangeTest, LeavesOverlaysAlone) {
  const StepChange change = {.key = 1, .alt_ref = 2, .leaf = 3};
  EXPECT_EQ(change.Of(FrameType::kKey), 1);
  EXPECT_EQ(change.Of(FrameType::kAltRef), 2);
  EXPECT_EQ(change.Of(FrameType::kGolden), 2);
  EXPECT_EQ(change.Of(FrameType::kInter), 3);
  EXPECT_EQ(change.Of(FrameType::kOverlay), 0);
}

TEST(BestStretchTest, WeighsQualityAgainstBits) {
  const StretchResult kPlain = Stretch(10'000, 600);
  const struct {
    const char* name;
    StretchResult other;
    size_t want;
  } kCases[] = {
      {"as many bits, better", Stretch(10'000, 600.1), 1},
      {"as good, fewer bits", Stretch(9'900, 600), 1},
      {"better, and worth its bits", Stretch(11'000, 601.1), 1},
      {"better, and not worth its bits", Stretch(11'000, 600.9), 0},
      {"worse, and saves more than that", Stretch(9'000, 599.1), 1},
      {"the same", Stretch(10'000, 600), 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kPlain, c.other}), c.want);
  }
}

TEST(BestStretchTest, TakesAFewFramesMoreForWhatTheyAreWorthOnAverage) {
  const StretchResult kPlain = Stretch(10'000, 600);
  StretchResult longer = Stretch(10'500, 629.9);  // 30 dB, 500 bits a frame.
  longer.shown_frames = 21;
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kPlain, longer}), 0u);
  longer.psnr_sum_db = 630.1;
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kPlain, longer}), 1u);
}

TEST(BestStretchTest, KeepsToTheTargetAtTheEndOfTheClip) {
  const StretchResult kKeeps = LastStretch(10'000, 600, false);
  const StretchResult kExceeds = LastStretch(10'100, 700, true);
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kExceeds, kKeeps}), 1u);
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kKeeps, kExceeds}), 0u);
}

TEST(BestStretchTest, SpendsWhatIsLeftAtTheEndOfTheClip) {
  const StretchResult kPlain = LastStretch(10'000, 600, false);
  const StretchResult kDear = LastStretch(19'000, 600.1, false);
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kPlain, kDear}), 1u);
}

TEST(BestStretchTest, TakesTheSmallestWhereAllExceedTheTarget) {
  const StretchResult kPlain = LastStretch(10'000, 600, true);
  const StretchResult kSmaller = LastStretch(9'000, 599, true);
  const StretchResult kBetter = LastStretch(11'000, 700, true);
  EXPECT_EQ(BestStretch(kDbPerBit, std::vector{kPlain, kSmaller, kBetter}), 1u);
}

}  // namespace
}  // namespace encoder_bridge
