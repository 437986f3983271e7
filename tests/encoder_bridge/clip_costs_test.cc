#include "encoder_bridge/clip_costs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {
namespace {

TEST(ClipCostsTest, SumsUpEachKindOfFrame) {
  ClipCosts costs;
  costs.Add(CostKind::kKey, 0, 1000, 3000);
  costs.Add(CostKind::kLeaf, 1, 100, 50);
  costs.Add(CostKind::kLeaf, 2, 300, 150);
  EXPECT_EQ(costs.Of(CostKind::kKey).frames, 1);
  EXPECT_EQ(costs.Of(CostKind::kKey).bits, 3000);
  EXPECT_EQ(costs.Of(CostKind::kAltRef).frames, 0);
  EXPECT_EQ(costs.Of(CostKind::kLeaf).frames, 2);
  EXPECT_EQ(costs.Of(CostKind::kLeaf).predicted_bits, 400);
  EXPECT_EQ(costs.Of(CostKind::kLeaf).bits, 200);
}

TEST(ClipCostsTest, TellsWhereLeavesWereDearerThanPredicted) {
  ClipCosts costs;
  for (int i = 0; i < 60; ++i) {
    costs.Add(CostKind::kLeaf, i, 100, i < 30 ? 100 : 200);
  }
  const std::vector<double> factors = costs.LeafLogFactors(60);
  ASSERT_EQ(factors.size(), 60u);
  EXPECT_NEAR(factors[10], 0, 1e-9);
  EXPECT_NEAR(factors[50], std::log(2.0), 1e-9);
  EXPECT_GT(factors[29], factors[10]);
  EXPECT_LT(factors[29], factors[50]);
}

TEST(ClipCostsTest, KnowsNothingOfWhereThereWereNoLeaves) {
  ClipCosts costs;
  EXPECT_EQ(costs.LeafLogFactors(3), std::vector<double>(3, 0.0));
  costs.Add(CostKind::kAltRef, 20, 100, 300);
  costs.Add(CostKind::kLeaf, 0, 100, 200);
  const std::vector<double> factors = costs.LeafLogFactors(30);
  EXPECT_GT(factors[2], 0);
  EXPECT_EQ(factors[20], 0);
  EXPECT_EQ(factors[29], 0);
}

// A clip that ends before what is known of it.
TEST(ClipCostsTest, IsForAsManyFramesAsAreAskedFor) {
  ClipCosts costs;
  costs.Add(CostKind::kLeaf, 40, 100, 200);
  EXPECT_EQ(costs.LeafLogFactors(20).size(), 20u);
}

}  // namespace
}  // namespace encoder_bridge
