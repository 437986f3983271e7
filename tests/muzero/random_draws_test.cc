#include "muzero/random_draws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace muzero {
namespace {

using ::testing::Each;
using ::testing::Ge;

constexpr int kManyDraws = 20'000;

TEST(RandomDrawsTest, AreTheSameForTheSameSeedEverywhere) {
  std::mt19937_64 random(1);
  // (mt19937_64(1) / 2^12 + 0.5) / 2^52, worked out by hand.
  EXPECT_DOUBLE_EQ(DrawUniform(random), 0.13387664401253274);
}

TEST(RandomDrawsTest, GumbelHasItsMeanAndVariance) {
  std::mt19937_64 random(2);
  double sum = 0;
  double sum_of_squares = 0;
  for (int i = 0; i < kManyDraws; ++i) {
    const double g = DrawGumbel(random);
    sum += g;
    sum_of_squares += g * g;
  }
  const double mean = sum / kManyDraws;
  EXPECT_NEAR(mean, 0.5772, 0.03);
  EXPECT_NEAR(sum_of_squares / kManyDraws - mean * mean, 1.6449, 0.1);
}

TEST(RandomDrawsTest, DirichletHasItsMeanAndVariance) {
  std::mt19937_64 random(3);
  for (const double alpha : {0.05, 0.3, 1.0, 20.0}) {
    SCOPED_TRACE(alpha);
    double sum = 0;
    double sum_of_squares = 0;
    for (int i = 0; i < kManyDraws; ++i) {
      const double x = DrawDirichlet(alpha, 4, random)[0];
      sum += x / kManyDraws;
      sum_of_squares += x * x / kManyDraws;
    }
    EXPECT_NEAR(sum, 0.25, 0.01);
    const double variance = 3.0 / 16 / (4 * alpha + 1);
    EXPECT_NEAR(sum_of_squares - sum * sum, variance, 0.05 * variance);
  }
}

TEST(RandomDrawsTest, DirichletIsADistributionForAnyAlpha) {
  std::mt19937_64 random(4);
  for (const double alpha : {1e-3, 0.3, 1e6}) {
    const std::vector<double> x = DrawDirichlet(alpha, 255, random);
    EXPECT_THAT(x, Each(Ge(0)));
    EXPECT_NEAR(std::accumulate(x.begin(), x.end(), 0.0), 1, 1e-9);
  }
}

TEST(RandomDrawsTest, IndexIsDrawnInProportionToItsWeight) {
  std::mt19937_64 random(5);
  std::vector<int> counts(4, 0);
  for (int i = 0; i < kManyDraws; ++i) {
    ++counts[static_cast<size_t>(DrawIndex({0, 6, 1, 3}, random))];
  }
  EXPECT_EQ(counts[0], 0);
  EXPECT_NEAR(counts[1], 0.6 * kManyDraws, 300);
  EXPECT_NEAR(counts[2], 0.1 * kManyDraws, 200);
  EXPECT_NEAR(counts[3], 0.3 * kManyDraws, 300);
}

}  // namespace
}  // namespace muzero
