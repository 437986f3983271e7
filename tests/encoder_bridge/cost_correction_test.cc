#include "encoder_bridge/cost_correction.h"

#include <gtest/gtest.h>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {
namespace {

double LeafFactor(const CostCorrection& correction) {
  return correction.factors()[static_cast<size_t>(CostKind::kLeaf)];
}

TEST(CostCorrectionTest, TrustsTheModelAtFirst) {
  EXPECT_EQ(CostCorrection().factors(), (CostFactors{1, 1, 1}));
}

TEST(CostCorrectionTest, LearnsTheFactorOfManyFrames) {
  CostCorrection correction;
  for (int i = 0; i < 500; ++i) {
    correction.Observe(CostKind::kLeaf, 1000, 2000, /*memory=*/1000);
  }
  EXPECT_NEAR(LeafFactor(correction), 2, 0.02);
}

TEST(CostCorrectionTest, BelievesOneFrameOnlyInPart) {
  CostCorrection correction;
  correction.Observe(CostKind::kLeaf, 1000, 2000, /*memory=*/1000);
  EXPECT_GT(LeafFactor(correction), 1.1);
  EXPECT_LT(LeafFactor(correction), 1.6);
}

TEST(CostCorrectionTest, KeepsTheKindsApart) {
  CostCorrection correction;
  correction.Observe(CostKind::kKey, 1000, 9000, /*memory=*/60);
  EXPECT_EQ(LeafFactor(correction), 1);
}

TEST(CostCorrectionTest, ForgetsWhatIsLongPast) {
  CostCorrection correction;
  for (int i = 0; i < 100; ++i) {
    correction.Observe(CostKind::kLeaf, 1000, 4000, /*memory=*/20);
  }
  for (int i = 0; i < 100; ++i) {
    correction.Observe(CostKind::kLeaf, 1000, 1000, /*memory=*/20);
  }
  EXPECT_NEAR(LeafFactor(correction), 1, 0.05);
}

}  // namespace
}  // namespace encoder_bridge
