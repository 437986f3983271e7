#include "encoder_bridge/feedback_controller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/clip_costs.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

constexpr int kEnough = 300;  // Frames.

SequenceInfo Sequence(int num_frames, double kbps) {
  return {.width = 640,
          .height = 360,
          .frame_rate = 30,
          .num_frames = num_frames,
          .target_bitrate_kbps = kbps};
}

// The simulated clip `options` at `kbps`.
SimulationResult RunClip(int num_frames, double kbps,
                         const SimulationOptions& options = {},
                         const FeedbackOptions& feedback = {}) {
  FeedbackController controller(Sequence(num_frames, kbps), feedback);
  return Simulate(controller, SteadyStats(num_frames), options);
}

double BitsOverTarget(const SimulationResult& result, int num_frames,
                      double kbps) {
  return result.bits / (kbps * 1000 * num_frames / 30);
}

TEST(FeedbackControllerTest, LandsOnTheTargetWhateverFramesCost) {
  const struct {
    const char* name;
    SimulationOptions options;
  } kCases[] = {
      {"as simulated", {}},
      {"everything costs double", {.bits_per_frame = 8000}},
      {"everything costs half", {.bits_per_frame = 2000}},
      {"key frames cost double", {.key_factor = 24}},
      {"ARFs cost double", {.alt_ref_factor = 6}},
      {"noise", {.noise = 0.4}},
      {"short groups", {.group_length = 6}},
      {"no ARFs", {.group_length = 0}},
      {"many key frames", {.key_distance = 20}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const SimulationResult result = RunClip(kEnough, 300, c.options);
    EXPECT_NEAR(BitsOverTarget(result, kEnough, 300), 0.997, 0.012);
  }
}

TEST(FeedbackControllerTest, LandsOnTheTargetOfAShortClip) {
  for (const int frames : {40, 60, 90, 150}) {
    SCOPED_TRACE(frames);
    const SimulationResult result = RunClip(frames, 300, {.noise = 0.2});
    EXPECT_NEAR(BitsOverTarget(result, frames, 300), 0.998, 0.018);
  }
}

// Bits that are left over are no reason to code the last leaves much finer than
// what they are predicted from: nothing foretells what that costs.
TEST(FeedbackControllerTest, DoesNotOvershootByItsLastLeaves) {
  for (const int frames : {60, 90, 150}) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(testing::Message() << frames << " frames, seed " << seed);
      const SimulationResult result = RunClip(
          frames, 300, {.below_reference = 10, .noise = 0.2, .seed = seed});
      EXPECT_NEAR(BitsOverTarget(result, frames, 300), 0.99, 0.025);
    }
  }
}

TEST(FeedbackControllerTest, GivesKeyAndAltRefFramesFinerSteps) {
  const SimulationResult result = RunClip(kEnough, 300);
  const double leaf = result.MeanQIndex(FrameType::kInter);
  EXPECT_LT(result.MeanQIndex(FrameType::kAltRef), leaf - 20);
  EXPECT_LT(result.MeanQIndex(FrameType::kKey), leaf - 30);
}

TEST(FeedbackControllerTest, CodesFramesAsMuchCoarserAsItIsTold) {
  FeedbackController plain(Sequence(100, 300));
  FeedbackController changed(Sequence(100, 300));
  changed.set_change({.key = 0.5});
  const std::vector<FirstPassFrameStats> stats = SteadyStats(100);
  const FrameInfo kKey = {.type = FrameType::kKey,
                          .reference_coding_indices = {}};
  std::vector<double> log_steps;
  for (FeedbackController* controller : {&plain, &changed}) {
    ASSERT_THAT(controller->OnFirstPassStats(stats), IsOk());
    const auto q_index = controller->ChooseQIndex(kKey);
    ASSERT_THAT(q_index, IsOk());
    log_steps.push_back(LogQuantizerStep(*q_index));
  }
  EXPECT_NEAR(log_steps[1] - log_steps[0], 0.5, 0.02);
}

TEST(FeedbackControllerTest, KeepsToTheTargetHoweverFineItIsToldToCode) {
  FeedbackController controller(Sequence(kEnough, 300));
  controller.set_change({.key = -0.5, .alt_ref = -0.5, .leaf = -0.2});
  const SimulationResult result =
      Simulate(controller, SteadyStats(kEnough), {});
  EXPECT_LE(BitsOverTarget(result, kEnough, 300), 1.01);
}

TEST(FeedbackControllerTest, ChoosesTheSameForTheSame) {
  const SimulationResult first = RunClip(100, 300, {.noise = 0.3});
  const SimulationResult second = RunClip(100, 300, {.noise = 0.3});
  ASSERT_EQ(first.frames.size(), second.frames.size());
  for (size_t i = 0; i < first.frames.size(); ++i) {
    EXPECT_EQ(first.frames[i].result.q_index, second.frames[i].result.q_index);
  }
}

TEST(FeedbackControllerTest, GoesToTheCoarsestStepIfTheTargetCannotBeMet) {
  const SimulationResult result = RunClip(100, 1);
  for (const SimulatedFrame& frame : result.frames) {
    EXPECT_EQ(frame.result.q_index, kMaxQIndex) << frame.info.coding_index;
  }
}

TEST(FeedbackControllerTest, GoesToTheFinestStepIfTheTargetIsOutOfReach) {
  const SimulationResult result = RunClip(100, 1e8);
  for (const SimulatedFrame& frame : result.frames) {
    EXPECT_EQ(frame.result.q_index, kMinQIndex) << frame.info.coding_index;
  }
}

TEST(FeedbackControllerTest, CodesVeryShortClips) {
  for (const int frames : {1, 2, 3, 5}) {
    SCOPED_TRACE(frames);
    const SimulationResult result = RunClip(frames, 300);
    EXPECT_GE(static_cast<int>(result.frames.size()), frames);
  }
}

TEST(FeedbackControllerTest, SurvivesStatisticsThatMakeNoSense) {
  const double kBad[] = {0, -1, 1e300, std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN()};
  for (const double bad : kBad) {
    SCOPED_TRACE(bad);
    const std::vector<FirstPassFrameStats> stats(50, {.intra_error = bad,
                                                      .coded_error = bad,
                                                      .sr_coded_error = bad,
                                                      .frame_noise_energy = bad,
                                                      .pcnt_inter = bad,
                                                      .pcnt_motion = bad});
    FeedbackController controller(Sequence(50, 300));
    EXPECT_FALSE(Simulate(controller, stats, {}).frames.empty());
  }
}

TEST(FeedbackControllerTest, SurvivesTheSmallestPictures) {
  SequenceInfo sequence = Sequence(30, 1);
  sequence.width = sequence.height = 1;
  FeedbackController controller(sequence);
  const SimulationResult result =
      Simulate(controller, SteadyStats(30), {.bits_per_frame = 40});
  EXPECT_FALSE(result.frames.empty());
}

TEST(FeedbackControllerTest, HoldsStillInALongVideo) {
  constexpr int kFrames = 20'000;
  // A step that follows complexity would move with the statistics.
  FeedbackOptions feedback;
  feedback.offsets.complexity = 0;
  const SimulationResult result =
      RunClip(kFrames, 300, {.noise = 0.4}, feedback);
  int last = 0;
  int moves = 0;
  for (size_t i = 2000; i + 2000 < result.frames.size(); ++i) {
    if (result.frames[i].info.type != FrameType::kInter) continue;
    const int q_index = result.frames[i].result.q_index;
    if (last != 0 && std::abs(q_index - last) > 1) ++moves;
    last = q_index;
  }
  EXPECT_LT(moves, kFrames / 100);
  EXPECT_NEAR(BitsOverTarget(result, kFrames, 300), 1, 0.015);
}

TEST(FeedbackControllerTest, TakesNoLongerPerFrameInALongVideo) {
  const auto seconds_per_frame = [](int frames) {
    const auto start = std::chrono::steady_clock::now();
    RunClip(frames, 300);
    const std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    return time.count() / frames;
  };
  const double short_video = seconds_per_frame(1000);
  EXPECT_LT(seconds_per_frame(16'000), 5 * short_video);
}

TEST(FeedbackControllerTest, TellsWhatItReckonsWith) {
  FeedbackController controller(Sequence(100, 300));
  const auto stats = SteadyStats(100);
  ASSERT_THAT(controller.OnFirstPassStats(stats), IsOk());
  const auto q_index = controller.ChooseQIndex({.type = FrameType::kKey});
  const FeedbackOutlook outlook = controller.outlook();
  EXPECT_EQ(outlook.proposed_log_step, LogQuantizerStep(*q_index));
  EXPECT_EQ(outlook.spent_bits, 0);
  EXPECT_EQ(outlook.frames_left, 1);
  EXPECT_EQ(outlook.target_bits, 1e6);
  EXPECT_NEAR(outlook.remaining->Bits(outlook.log_base, outlook.factors),
              outlook.goal_bits, 1e-3 * outlook.goal_bits);
  EXPECT_GT(outlook.FrameBits(5), outlook.FrameBits(6));
}

TEST(FeedbackControllerTest, RefusesCallsOutOfOrder) {
  FeedbackController controller(Sequence(10, 300));
  EXPECT_THAT(controller.ChooseQIndex({}),
              HasStatus(absl::StatusCode::kFailedPrecondition, "statistics"));
  EXPECT_THAT(controller.OnFirstPassStats({}),
              HasStatus(absl::StatusCode::kFailedPrecondition, "statistics"));
  const auto stats = SteadyStats(10);
  ASSERT_THAT(controller.OnFirstPassStats(stats), IsOk());
  EXPECT_THAT(controller.OnFrameEncoded({}),
              HasStatus(absl::StatusCode::kFailedPrecondition, "result"));
}

// By how much the first leaves' quantizers are off those of the whole clip.
double FirstLeavesOff(const SimulationResult& result) {
  SimulationResult first = {
      .frames = {result.frames.begin(), result.frames.begin() + 10}};
  return std::abs(first.MeanQIndex(FrameType::kInter) -
                  result.MeanQIndex(FrameType::kInter));
}

TEST(FeedbackControllerTest, KnowsWhatAnotherEncodeOfTheClipFound) {
  // Leaves cost much less than the model says, key frames more.
  const SimulationOptions clip = {.bits_per_frame = 1500, .key_factor = 20};
  FeedbackOptions first;
  first.found_costs = std::make_shared<ClipCosts>();
  const SimulationResult before = RunClip(kEnough, 400, clip, first);
  EXPECT_GT(first.found_costs->Of(CostKind::kLeaf).frames, kEnough / 2);
  FeedbackOptions second;
  second.known_costs = first.found_costs;
  const SimulationResult after = RunClip(kEnough, 400, clip, second);
  EXPECT_GT(FirstLeavesOff(before), 10);
  EXPECT_LT(FirstLeavesOff(after), FirstLeavesOff(before) / 2);
  EXPECT_NEAR(BitsOverTarget(after, kEnough, 400), 1, 0.02);
}

TEST(FeedbackControllerTest, DoesAsEverIfTheOtherEncodeFoundNothing) {
  FeedbackOptions options;
  options.known_costs = std::make_shared<ClipCosts>();
  EXPECT_EQ(RunClip(60, 400, {}, options).bits, RunClip(60, 400).bits);
}

}  // namespace
}  // namespace encoder_bridge
