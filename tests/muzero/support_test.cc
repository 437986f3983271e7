#include "muzero/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace muzero {
namespace {

using ::testing::ElementsAre;

constexpr Support kFive = {.min = -1, .max = 1, .size = 5};

TEST(SupportTest, PointsAreEvenlySpacedFromMinToMax) {
  EXPECT_EQ(kFive.Point(0), -1);
  EXPECT_EQ(kFive.Point(1), -0.5);
  EXPECT_EQ(kFive.Point(4), 1);
}

TEST(SupportTest, TwoHotSharesAValueBetweenThePointsAroundIt) {
  EXPECT_THAT(kFive.TwoHot(0.125), ElementsAre(0, 0, 0.75f, 0.25f, 0));
  EXPECT_THAT(kFive.TwoHot(-0.75), ElementsAre(0.5f, 0.5f, 0, 0, 0));
}

TEST(SupportTest, TwoHotPutsAPointsOwnValueOnItAlone) {
  EXPECT_THAT(kFive.TwoHot(-1), ElementsAre(1, 0, 0, 0, 0));
  EXPECT_THAT(kFive.TwoHot(0.5), ElementsAre(0, 0, 0, 1, 0));
  EXPECT_THAT(kFive.TwoHot(1), ElementsAre(0, 0, 0, 0, 1));
}

TEST(SupportTest, TwoHotClampsToTheSupport) {
  EXPECT_EQ(kFive.TwoHot(-7), kFive.TwoHot(-1));
  EXPECT_EQ(kFive.TwoHot(1e30), kFive.TwoHot(1));
}

TEST(SupportTest, TwoHotSumsToOneAndHasTheValueAsItsMean) {
  const Support support = {.min = -3, .max = 2, .size = 41};
  for (double value = -3; value <= 2; value += 0.0137) {
    const std::vector<float> weights = support.TwoHot(value);
    double mean = 0;
    for (int i = 0; i < support.size; ++i) {
      mean += weights[static_cast<size_t>(i)] * support.Point(i);
    }
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-6);
    EXPECT_NEAR(mean, value, 1e-6);
  }
}

TEST(SupportTest, MeanOfEqualLogitsIsTheMiddle) {
  EXPECT_NEAR(kFive.Mean({3, 3, 3, 3, 3}), 0, 1e-12);
}

TEST(SupportTest, MeanIsThatOfTheSoftmax) {
  const float log3 = std::log(3.0f);
  EXPECT_NEAR(kFive.Mean({-90, -90, 0, log3, -90}), 0.375, 1e-6);
}

TEST(SupportTest, MeanOfLargeLogitsDoesNotOverflow) {
  EXPECT_NEAR(kFive.Mean({0, 0, 0, 0, 3e38f}), 1, 1e-12);
  EXPECT_NEAR(kFive.Mean({-3e38f, -3e38f, -3e38f, -3e38f, -3e38f}), 0, 1e-12);
}

TEST(SupportTest, MeanUndoesTwoHot) {
  for (const double value : {-0.99, -0.3, 0.0, 0.21, 1.0}) {
    std::vector<float> logits = kFive.TwoHot(value);
    for (float& logit : logits) logit = std::log(std::max(logit, 1e-30f));
    EXPECT_NEAR(kFive.Mean(logits), value, 1e-6);
  }
}

}  // namespace
}  // namespace muzero
