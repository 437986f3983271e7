#include "encoder_bridge/bit_plan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_model.h"

namespace encoder_bridge {
namespace {

constexpr CostFactors kAsPredicted = {1, 1, 1};
constexpr double kBase = 6;

PlannedFrame Leaf(double log_bits) {
  return {.kind = CostKind::kLeaf, .cost = {.log_bits = log_bits, .slope = -1}};
}

TEST(BitPlanTest, SumsWhatIsPlanned) {
  BitPlan plan;
  plan.Add(Leaf(9));
  plan.Add({.kind = CostKind::kKey,
            .cost = {.log_bits = 11, .slope = -1},
            .offset = -1,
            .share = 0.5});
  const double want = Leaf(9).cost.Bits(kBase) +
                      0.5 * FrameCost{.log_bits = 11}.Bits(kBase - 1);
  EXPECT_NEAR(plan.Bits(kBase, kAsPredicted), want, 0.005 * want);
}

TEST(BitPlanTest, AppliesEachKindsFactor) {
  BitPlan plan;
  plan.Add(Leaf(9));
  const double bits = plan.Bits(kBase, kAsPredicted);
  EXPECT_DOUBLE_EQ(plan.Bits(kBase, {5, 5, 1}), bits);
  EXPECT_DOUBLE_EQ(plan.Bits(kBase, {1, 1, 2}), 2 * bits);
}

TEST(BitPlanTest, IsEmptyAgainWhenAllIsRemoved) {
  BitPlan plan;
  for (int i = 0; i < 1000; ++i) plan.Add(Leaf(5 + i % 7));
  for (int i = 0; i < 1000; ++i) plan.Remove(Leaf(5 + i % 7));
  EXPECT_NEAR(plan.Bits(kBase, kAsPredicted), 0, 1e-3);
}

TEST(BitPlanTest, FindsTheBaseThatCostsTheGivenBits) {
  BitPlan plan;
  for (int i = 0; i < 100; ++i) plan.Add(Leaf(8 + 0.01 * i));
  const double bits = plan.Bits(kBase, kAsPredicted);
  EXPECT_NEAR(plan.LogBaseFor(bits, kAsPredicted), kBase, 1e-6);
}

TEST(BitPlanTest, EndsAtTheGridWhereNothingFits) {
  BitPlan plan;
  plan.Add(Leaf(9));
  EXPECT_EQ(plan.LogBaseFor(-5, kAsPredicted), BitPlan::MaxLogBase());
  EXPECT_EQ(plan.LogBaseFor(1e30, kAsPredicted), BitPlan::MinLogBase());
}

TEST(BitPlanTest, LeavesRoomAboveTheCoarsestStepForOffsets) {
  BitPlan plan;
  PlannedFrame frame = Leaf(12);
  frame.offset = -2.5;
  plan.Add(frame);
  EXPECT_NEAR(plan.Bits(BitPlan::MaxLogBase(), kAsPredicted),
              frame.cost.Bits(MaxLogQuantizerStep()), 1);
}

}  // namespace
}  // namespace encoder_bridge
