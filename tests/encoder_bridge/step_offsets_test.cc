#include "encoder_bridge/step_offsets.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

constexpr int kFrames = 100;

std::vector<FirstPassFrameStats> StatsWithMotion(double motion) {
  std::vector<FirstPassFrameStats> stats = SteadyStats(kFrames);
  for (FirstPassFrameStats& s : stats) s.pcnt_motion = motion;
  return stats;
}

double KeyOffset(double motion) {
  const std::vector<double> log_bits(kFrames, 9);
  return StepOffsets(StatsWithMotion(motion), log_bits, {}, {})
      .Of(FrameType::kKey, 0);
}

TEST(StepOffsetsTest, GivesKeyFramesTheFinerAStepTheLessMoves) {
  EXPECT_LT(KeyOffset(0.05), KeyOffset(0.5));
  EXPECT_LT(KeyOffset(0.5), KeyOffset(0.95));
  EXPECT_LT(KeyOffset(0.95), 0);
}

TEST(StepOffsetsTest, PutsGoldenFramesBetweenLeavesAndAltRefs) {
  const std::vector<double> log_bits(kFrames, 9);
  const StepOffsets offsets(SteadyStats(kFrames), log_bits, {}, {});
  const double golden = offsets.Of(FrameType::kGolden, 50);
  EXPECT_LT(golden, offsets.Of(FrameType::kInter, 50));
  EXPECT_GT(golden, offsets.Of(FrameType::kAltRef, 50));
}

TEST(StepOffsetsTest, GivesDearStretchesACoarserStep) {
  std::vector<double> log_bits(kFrames, 8);
  for (size_t i = kFrames / 2; i < log_bits.size(); ++i) log_bits[i] = 11;
  const StepOffsets offsets(SteadyStats(kFrames), log_bits, {},
                            {.complexity = 0.3});
  EXPECT_GT(offsets.Of(FrameType::kInter, 80),
            offsets.Of(FrameType::kInter, 20));
}

}  // namespace
}  // namespace encoder_bridge
