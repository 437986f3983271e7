#include "muzero/min_max_stats.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace muzero {
namespace {

MinMaxStats Of(std::initializer_list<double> values) {
  MinMaxStats stats;
  for (const double value : values) stats.Update(value);
  return stats;
}

TEST(MinMaxStatsTest, KnowsTheLeastAndTheLargestValueSeen) {
  const MinMaxStats stats = Of({0.5, -2, 3, 1});
  EXPECT_EQ(stats.min(), -2);
  EXPECT_EQ(stats.max(), 3);
}

TEST(MinMaxStatsTest, NormalizesToTheRangeSeen) {
  const MinMaxStats stats = Of({-2, 6});
  EXPECT_EQ(stats.Normalize(-2), 0);
  EXPECT_EQ(stats.Normalize(0), 0.25);
  EXPECT_EQ(stats.Normalize(6), 1);
}

TEST(MinMaxStatsTest, ASingleValueIsZero) {
  EXPECT_EQ(Of({0.7}).Normalize(0.7), 0);
  EXPECT_EQ(Of({-0.7, -0.7}).Normalize(-0.7), 0);
}

TEST(MinMaxStatsTest, DoesNotBlowUpRoundingNoise) {
  EXPECT_LT(Of({0.5, 0.5 + 1e-8}).Normalize(0.5 + 1e-8), 0.01);
}

}  // namespace
}  // namespace muzero
