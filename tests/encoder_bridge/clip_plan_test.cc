#include "encoder_bridge/clip_plan.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_offsets.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

constexpr CostFactors kAsPredicted = {1, 1, 1};
constexpr double kBase = 6;

class ClipPlanTest : public testing::Test {
 protected:
  void StartPlan(int num_frames, std::vector<int> scene_cuts = {}) {
    stats_ = SteadyStats(num_frames);
    const std::vector<double> log_bits(stats_.size(), 9);
    model_.emplace(640, 360, stats_);
    offsets_.emplace(stats_, log_bits, scene_cuts, StepOffsetOptions());
    remaining_ = BitPlan();
    plan_.emplace(*model_, *offsets_, scene_cuts, /*kf_max_dist=*/128,
                  ClipPlan::Range{.first = 0, .end = num_frames}, remaining_);
  }

  double Bits() const { return remaining_.Bits(kBase, kAsPredicted); }
  double KeyBits() const { return remaining_.Bits(kBase, {1, 0, 0}); }
  double OneKeyBits() const {
    return model_->KeyFrame(1).Bits(offsets_->key_follow() * kBase +
                                    offsets_->KeyOffset(1));
  }

  void Code(FrameType type, int show_index) {
    plan_->Drop(plan_->Take({.type = type,
                             .show_index = show_index,
                             .reference_coding_indices = {}}));
  }

  std::vector<FirstPassFrameStats> stats_;
  std::optional<RateModel> model_;
  std::optional<StepOffsets> offsets_;
  BitPlan remaining_;
  std::optional<ClipPlan> plan_;
};

TEST_F(ClipPlanTest, IsEmptyWhenAllIsCoded) {
  StartPlan(30);
  Code(FrameType::kKey, 0);
  for (const int alt_ref : {12, 29}) {
    const int first = alt_ref == 12 ? 1 : 13;
    Code(FrameType::kAltRef, alt_ref);
    for (int i = first; i < alt_ref; ++i) Code(FrameType::kInter, i);
    Code(FrameType::kOverlay, alt_ref);
  }
  EXPECT_NEAR(Bits(), 0, 1);
}

TEST_F(ClipPlanTest, IsEmptyAfterAClipWithoutAltRefs) {
  StartPlan(300);
  for (int i = 0; i < 300; ++i) {
    Code(i == 0 ? FrameType::kKey : FrameType::kInter, i);
  }
  EXPECT_NEAR(Bits(), 0, 1);
}

TEST_F(ClipPlanTest, ExpectsKeyFramesAtScenesAndAtTheLongestDistance) {
  StartPlan(300, {40});  // Keys at 0, 40, 168 and 296.
  const double key = OneKeyBits();
  EXPECT_GT(KeyBits(), 3 * key);
  EXPECT_LT(KeyBits(), 5 * key);
}

TEST_F(ClipPlanTest, MovesForcedKeyFramesWithAnUnexpectedOne) {
  StartPlan(150);  // Keys at 0 and 128.
  Code(FrameType::kKey, 0);
  EXPECT_GT(KeyBits(), 0.5 * OneKeyBits());
  Code(FrameType::kKey, 60);  // The next one would be 188.
  EXPECT_NEAR(KeyBits(), 0, 1);
}

TEST_F(ClipPlanTest, GivesUpAnExpectedKeyFrameThatDoesNotCome) {
  StartPlan(100, {50});
  Code(FrameType::kKey, 0);
  for (int i = 1; i <= 50; ++i) Code(FrameType::kInter, i);
  EXPECT_NEAR(KeyBits(), 0, 1);
}

TEST_F(ClipPlanTest, HoldsTheFrameThatWasTaken) {
  StartPlan(20);
  Code(FrameType::kKey, 0);
  const PlannedFrame alt_ref = plan_->Take({.type = FrameType::kAltRef,
                                            .show_index = 19,
                                            .reference_coding_indices = {}});
  const double with = Bits();
  plan_->Drop(alt_ref);
  EXPECT_NEAR(with - Bits(), alt_ref.cost.Bits(kBase + alt_ref.offset),
              0.01 * with);
}

TEST_F(ClipPlanTest, TakesShowIndicesOutOfRange) {
  StartPlan(5);
  Code(FrameType::kKey, 0);
  Code(FrameType::kInter, 99);
  Code(FrameType::kAltRef, -3);
  EXPECT_GE(Bits(), 0);
}

}  // namespace
}  // namespace encoder_bridge
