#include "eval/pchip.h"

#include <gtest/gtest.h>

#include <vector>

namespace eval {
namespace {

TEST(PchipTest, GoesThroughItsPoints) {
  const std::vector<double> x = {0, 1, 3, 4};
  const std::vector<double> y = {2, 3, 3.5, 9};
  const Pchip curve(x, y);
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_DOUBLE_EQ(curve.Value(x[i]), y[i]);
  }
}

TEST(PchipTest, IsTheLineThroughPointsOnALine) {
  const Pchip curve({0, 1, 4, 10}, {5, 7, 13, 25});
  EXPECT_DOUBLE_EQ(curve.Value(6.5), 18);
  EXPECT_DOUBLE_EQ(curve.Integral(0, 10), 150);
}

TEST(PchipTest, IsLinearThroughTwoPoints) {
  const Pchip curve({1, 3}, {10, 20});
  EXPECT_DOUBLE_EQ(curve.Value(2.5), 17.5);
  EXPECT_DOUBLE_EQ(curve.Integral(1, 2), 12.5);
}

// SciPy 1.10: PchipInterpolator([0, 1, 2, 4], [0, 1, 8, 9]).
TEST(PchipTest, HasTheValuesOfSciPy) {
  const Pchip curve({0, 1, 2, 4}, {0, 1, 8, 9});
  EXPECT_NEAR(curve.Value(0.5), 0.28125, 1e-12);
  EXPECT_NEAR(curve.Value(1.5), 4.589651639344263, 1e-12);
  EXPECT_NEAR(curve.Value(3), 8.758196721311476, 1e-12);
  EXPECT_NEAR(curve.Integral(0.5, 3.5), 17.719881318306008, 1e-12);
}

// SciPy 1.10: PchipInterpolator([0, 1, 2, 3], [0, 1, 0.5, 4]).
TEST(PchipTest, IsFlatAtAnExtremum) {
  const Pchip curve({0, 1, 2, 3}, {0, 1, 0.5, 4});
  EXPECT_NEAR(curve.Value(0.5), 0.71875, 1e-12);
  EXPECT_NEAR(curve.Value(2.5), 1.5625, 1e-12);
  EXPECT_NEAR(curve.Integral(0, 3), 3.1875, 1e-12);
}

TEST(PchipTest, IntegralsOfPartsSumUpToTheWhole) {
  const Pchip curve({0, 1, 2, 4}, {0, 1, 8, 9});
  EXPECT_NEAR(curve.Integral(0, 1.7) + curve.Integral(1.7, 4),
              curve.Integral(0, 4), 1e-12);
  EXPECT_EQ(curve.Integral(1.7, 1.7), 0);
}

}  // namespace
}  // namespace eval
