#include "encoder_bridge/rate_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

constexpr double kStep = FrameCost::kReferenceLogStep;

TEST(FrameCostTest, FallsWithTheStep) {
  const FrameCost cost = {.log_bits = 10, .slope = -1.2};
  EXPECT_NEAR(cost.Bits(kStep), std::exp(10), 1e-6 * std::exp(10));
  EXPECT_NEAR(cost.Bits(kStep + 1), std::exp(8.8), 1e-6 * std::exp(8.8));
}

TEST(RateModelTest, FindsKeyFramesDearerThanAltRefsDearerThanLeaves) {
  const auto stats = SteadyStats(40);
  const RateModel model(640, 360, stats);
  const double alt_ref = model.AltRef(9, 20).Bits(kStep);
  EXPECT_GT(model.KeyFrame(20).Bits(kStep), alt_ref);
  EXPECT_GT(alt_ref, model.Leaf(20).Bits(kStep));
}

TEST(RateModelTest, ScalesWithThePicture) {
  const auto stats = SteadyStats(40);
  const RateModel small(320, 160, stats);
  const RateModel large(640, 320, stats);
  EXPECT_NEAR(large.Leaf(20).Bits(kStep), 4 * small.Leaf(20).Bits(kStep), 1);
}

TEST(RateModelTest, FindsComplexFramesDearer) {
  auto stats = SteadyStats(40);
  for (size_t i = 20; i < stats.size(); ++i) {
    stats[i].coded_error *= 4;
    stats[i].sr_coded_error *= 4;
    stats[i].intra_error *= 4;
  }
  const RateModel model(640, 360, stats);
  EXPECT_GT(model.KeyFrame(30).log_bits, model.KeyFrame(10).log_bits);
  EXPECT_GT(model.AltRef(28, 39).log_bits, model.AltRef(5, 16).log_bits);
  EXPECT_GT(model.Leaf(30).log_bits, model.Leaf(10).log_bits);
}

TEST(RateModelTest, TakesAnAltRefBehindACutForAKeyFrame) {
  auto stats = SteadyStats(40);
  stats[30].pcnt_inter = 0.01;
  const RateModel model(640, 360, stats);
  EXPECT_EQ(model.AltRef(24, 36).log_bits, model.KeyFrame(36).log_bits);
  EXPECT_LT(model.AltRef(31, 39).log_bits, model.KeyFrame(39).log_bits);
}

TEST(RateModelTest, TakesAFlashForNoCut) {
  auto stats = SteadyStats(40);
  stats[30].pcnt_inter = 0.01;
  stats[31].pcnt_inter = 0.4;
  stats[31].pcnt_second_ref = 0.6;
  const RateModel model(640, 360, stats);
  EXPECT_LT(model.AltRef(24, 36).log_bits, model.KeyFrame(36).log_bits);
}

TEST(RateModelTest, IsFiniteForAnyStatistics) {
  const double kBad[] = {-1, 1e300, std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN()};
  for (const double bad : kBad) {
    SCOPED_TRACE(bad);
    const std::vector<FirstPassFrameStats> stats(
        5, {.intra_error = bad, .coded_error = bad, .pcnt_neutral = bad});
    const RateModel model(1, 1, stats);
    for (const FrameCost& cost :
         {model.KeyFrame(0), model.AltRef(0, 4), model.Leaf(4)}) {
      EXPECT_TRUE(std::isfinite(cost.log_bits));
      EXPECT_LT(cost.slope, 0);
    }
  }
}

}  // namespace
}  // namespace encoder_bridge
