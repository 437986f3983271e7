#include "muzero/softmax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace muzero {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

TEST(SoftmaxTest, IsInProportionToTheExponentials) {
  EXPECT_THAT(Softmax<double>({0, std::log(2), std::log(5)}),
              Pointwise(DoubleNear(1e-12), {0.125, 0.25, 0.625}));
}

TEST(SoftmaxTest, OfASingleLogitIsOne) {
  EXPECT_THAT(Softmax<float>({-40}), ElementsAre(1));
}

TEST(SoftmaxTest, TakesLogitsOfAnySize) {
  EXPECT_THAT(Softmax<float>({3e38f, -3e38f, 3e38f}),
              ElementsAre(0.5f, 0, 0.5f));
}

}  // namespace
}  // namespace muzero
