#include "selfplay/frame_complexity.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::RateModel;
using encoder_bridge::SteadyStats;

FrameComplexity Of(const std::vector<FirstPassFrameStats>& stats,
                   const std::vector<bool>& is_key) {
  return FrameComplexity(RateModel(320, 240, stats), is_key);
}

TEST(FrameComplexityTest, AddsUp) {
  const auto stats = SteadyStats(30);
  const FrameComplexity complexity = Of(stats, std::vector<bool>(30));
  EXPECT_EQ(complexity.num_frames(), 30);
  EXPECT_EQ(complexity.Bits(7, 7), 0);
  EXPECT_NEAR(complexity.Bits(0, 12) + complexity.Bits(12, 30),
              complexity.Bits(0, 30), 1e-6);
  for (int i = 0; i < 30; ++i) EXPECT_GT(complexity.Bits(i, i + 1), 0);
}

TEST(FrameComplexityTest, IsHigherWhereMoreIsToBeCoded) {
  auto stats = SteadyStats(100);
  for (size_t i = 50; i < 100; ++i) {
    stats[i].coded_error *= 10;
    stats[i].sr_coded_error *= 10;
  }
  const FrameComplexity complexity = Of(stats, std::vector<bool>(100));
  EXPECT_GT(complexity.Bits(50, 100), 3 * complexity.Bits(0, 50));
}

TEST(FrameComplexityTest, CountsAKeyFrameAsOne) {
  const auto stats = SteadyStats(30);
  std::vector<bool> is_key(30);
  is_key[10] = true;
  const FrameComplexity complexity = Of(stats, is_key);
  EXPECT_GT(complexity.Bits(10, 11), 3 * complexity.Bits(11, 12));
}

}  // namespace
}  // namespace selfplay
