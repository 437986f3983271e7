#include "encoder_bridge/frame_timing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr Rational kMilliseconds = {1, 1000};

// Frames at a constant rate, their times rounded down to milliseconds.
FrameTimes Rounded(Rational rate, int count,
                   std::vector<Rational> nominal_rates = {}) {
  FrameTimes times = {.time_base = kMilliseconds,
                      .num_frames = count,
                      .nominal_rates = std::move(nominal_rates)};
  for (int i = 0; i < count; ++i) {
    times.pts.push_back(
        static_cast<int64_t>(std::floor(1000.0 * i / rate.value())));
  }
  return times;
}

TEST(FrameTimingTest, FindsUsualRatesWithoutAnyHint) {
  for (const Rational rate :
       {Rational{24000, 1001}, Rational{24, 1}, Rational{25, 1},
        Rational{30000, 1001}, Rational{30, 1}, Rational{50, 1},
        Rational{60000, 1001}, Rational{60, 1}, Rational{120, 1},
        Rational{1, 1}}) {
    const FrameTiming timing = DetectFrameTiming(Rounded(rate, 300));
    EXPECT_TRUE(timing.is_constant);
    EXPECT_EQ(timing.frame_rate, rate);
  }
}

TEST(FrameTimingTest, TakesTheExactRateForARoundedHint) {
  // What FFmpeg makes of Matroska's frame duration for 60000/1001.
  const FrameTiming timing =
      DetectFrameTiming(Rounded({60000, 1001}, 30, {{19001, 317}}));
  EXPECT_EQ(timing.frame_rate, (Rational{60000, 1001}));
}

TEST(FrameTimingTest, IgnoresAHintThatTheTimestampsBelie) {
  const FrameTiming timing =
      DetectFrameTiming(Rounded({25, 1}, 50, {{1000, 1}, {30, 1}}));
  EXPECT_EQ(timing.frame_rate, (Rational{25, 1}));
}

TEST(FrameTimingTest, NumbersTheFramesOfAConstantRate) {
  const FrameTimes times = Rounded({30000, 1001}, 300);
  const FrameTiming timing = DetectFrameTiming(times);
  EXPECT_EQ(timing.time_base, (Rational{1001, 30000}));
  for (size_t i = 0; i < times.pts.size(); ++i) {
    EXPECT_EQ(timing.TickAt(times.pts[i]), i);
  }
}

TEST(FrameTimingTest, FindsAnUnusualConstantRate) {
  FrameTimes times = {.time_base = {1, 90000}, .num_frames = 100};
  for (int i = 0; i < 100; ++i) times.pts.push_back(7000 + i * 7001);
  const FrameTiming timing = DetectFrameTiming(times);
  EXPECT_TRUE(timing.is_constant);
  EXPECT_EQ(timing.frame_rate, (Rational{90000, 7001}));
}

TEST(FrameTimingTest, KeepsTheClockOfAVariableRate) {
  const FrameTiming timing = DetectFrameTiming({.time_base = kMilliseconds,
                                                .pts = {10, 50, 130, 290, 300},
                                                .num_frames = 5,
                                                .nominal_rates = {{25, 1}}});
  EXPECT_FALSE(timing.is_constant);
  EXPECT_EQ(timing.time_base, kMilliseconds);
  EXPECT_EQ(timing.TickAt(10), 0);
  EXPECT_EQ(timing.TickAt(290), 280);
  EXPECT_EQ(timing.ticks_per_frame, 73);
}

TEST(FrameTimingTest, DoesNotCallAMostlyEmptyGridConstant) {
  const FrameTiming timing = DetectFrameTiming({.time_base = kMilliseconds,
                                                .pts = {0, 40, 200, 400},
                                                .num_frames = 4,
                                                .nominal_rates = {{25, 1}}});
  EXPECT_FALSE(timing.is_constant);
}

TEST(FrameTimingTest, ReplacesAClockThatLibvpxDoesNotTake) {
  const FrameTiming timing = DetectFrameTiming(
      {.time_base = {2, 1}, .pts = {0, 1, 4, 9}, .num_frames = 4});
  EXPECT_EQ(timing.time_base, (Rational{1, 1000000}));
  EXPECT_EQ(timing.TickAt(4), 8000000);
}

TEST(FrameTimingTest, GivesLessThanAFrameASecondSeveralTicksAFrame) {
  const FrameTiming timing = DetectFrameTiming(Rounded({2, 5}, 10));
  EXPECT_EQ(timing.frame_rate, (Rational{2, 5}));
  EXPECT_EQ(timing.ticks_per_frame, 3);
  EXPECT_EQ(timing.time_base, (Rational{5, 6}));
  EXPECT_EQ(timing.TickAt(5000), 6);
}

TEST(FrameTimingTest, SurvivesDamagedTimestamps) {
  for (const int64_t far : {int64_t{1} << 61, int64_t{1} << 40}) {
    for (const Rational time_base : {Rational{1, 1000000000}, {1001, 1}}) {
      const FrameTiming timing = DetectFrameTiming(
          {.time_base = time_base, .pts = {-far, 0, 1, far}, .num_frames = 4});
      EXPECT_FALSE(timing.is_constant);
      EXPECT_GE(timing.frame_rate.num, 1);
      EXPECT_GE(timing.ticks_per_frame, 1);
      EXPECT_LE(timing.TickAt(0), timing.TickAt(far));
    }
  }
}

TEST(FrameTimingTest, DoesNotCallANanosecondAFrameRate) {
  const FrameTiming timing = DetectFrameTiming(
      {.time_base = {1, 1000000000}, .pts = {0, 1, 2}, .num_frames = 3});
  EXPECT_FALSE(timing.is_constant);
}

TEST(FrameTimingTest, BelievesTheHintWhereThereAreNoTimestamps) {
  const FrameTiming timing =
      DetectFrameTiming({.num_frames = 9, .nominal_rates = {{0, 0}, {24, 1}}});
  EXPECT_TRUE(timing.is_constant);
  EXPECT_FALSE(timing.has_timestamps);
  EXPECT_EQ(timing.frame_rate, (Rational{24, 1}));
}

TEST(FrameTimingTest, TakesOneFrameWithoutAnyRateForATwentyFifthOfASecond) {
  const FrameTiming timing = DetectFrameTiming(
      {.time_base = kMilliseconds, .pts = {700}, .num_frames = 1});
  EXPECT_TRUE(timing.is_constant);
  EXPECT_EQ(timing.frame_rate, (Rational{25, 1}));
}

}  // namespace
}  // namespace encoder_bridge
