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

TEST(StepOffsetsTest, GivesTheEndOfASceneACoarserStep) {
  const std::vector<double> log_bits(kFrames, 9);
  const std::vector<int> cuts = {50};
  const StepOffsets offsets(SteadyStats(kFrames), log_bits, cuts, {});
  const auto leaf = [&](int show_index) {
    return offsets.Of(FrameType::kInter, show_index);
  };
  EXPECT_GT(leaf(99), leaf(80));
  EXPECT_GT(leaf(80), leaf(59));
  EXPECT_DOUBLE_EQ(leaf(59), leaf(50)) << "the horizon is far";
  EXPECT_DOUBLE_EQ(leaf(49), leaf(99)) << "no other scene inherits anything";
}

TEST(StepOffsetsTest, GivesTheAltRefThatEndsASceneLess) {
  const std::vector<double> log_bits(kFrames, 9);
  const std::vector<int> cuts = {50};
  const auto finer_by = [&](int show_index, double alt_ref_end) {
    const StepOffsets offsets(SteadyStats(kFrames), log_bits, cuts,
                              {.alt_ref_end = alt_ref_end});
    return offsets.Of(FrameType::kInter, show_index) -
           offsets.OfAltRef(show_index, 13);
  };
  for (const int last_of_scene : {49, 99}) {
    const double undiminished = finer_by(last_of_scene, 0);
    EXPECT_NEAR(finer_by(last_of_scene, 0.5), undiminished / 2, 1e-9);
    EXPECT_NEAR(finer_by(last_of_scene, 1), 0, 1e-9);
  }
  EXPECT_LT(finer_by(95, 0.5), finer_by(95, 0));
  EXPECT_NEAR(finer_by(91, 0.5), finer_by(91, 0), 1e-9) << "enough follow";
}

}  // namespace
}  // namespace encoder_bridge
