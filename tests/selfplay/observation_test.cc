#include "selfplay/observation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/encode_tracker.h"
#include "selfplay/features.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/selfplay/observation_matchers.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using encoder_bridge::SteadyStats;
using testing_support::IsOk;

// Codes frames one by one and shows what is observed.
class Observer {
 public:
  explicit Observer(std::vector<FirstPassFrameStats> stats,
                    const SequenceInfo& sequence = kSequence)
      : stats_(std::move(stats)), tracker_(sequence, {}) {
    EXPECT_THAT(tracker_.OnFirstPassStats(stats_), IsOk());
  }

  muzero::Observation See(FrameInfo frame) {
    frame.coding_index = coded_;
    EXPECT_THAT(tracker_.Announce(frame), IsOk());
    return tracker_.Observe();
  }

  muzero::Observation Code(const FrameInfo& frame, const FrameResult& result) {
    muzero::Observation observation = See(frame);
    EXPECT_THAT(tracker_.OnFrameEncoded(result), IsOk());
    ++coded_;
    return observation;
  }

  // Shown frames up to `end`, one by one.
  void CodeUntil(int end) {
    for (; shown_ < end; ++shown_) {
      Code({.type = shown_ == 0 ? FrameType::kKey : FrameType::kInter,
            .show_index = shown_},
           kResult);
    }
  }

  static constexpr SequenceInfo kSequence = {.width = 320,
                                             .height = 240,
                                             .frame_rate = 30,
                                             .num_frames = 100,
                                             .target_bitrate_kbps = 230.4};
  // 0.1 bits per pixel at 40 dB.
  static constexpr FrameResult kResult = {
      .q_index = 136, .bits = 7680, .sse = 650, .pixel_count = 100};

 private:
  const std::vector<FirstPassFrameStats> stats_;
  EncodeTracker tracker_;
  int coded_ = 0;
  int shown_ = 0;
};

TEST(ObservationTest, IsSoundAllTheWay) {
  Observer observer(SteadyStats(200));
  for (int i = 0; i < 200; ++i) {
    ExpectSound(observer.Code({.show_index = i}, Observer::kResult));
  }
}

TEST(ObservationTest, IsBoundedWhateverTheStatistics) {
  const double kBad[] = {-1,
                         1e300,
                         -1e300,
                         std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN()};
  for (const double bad : kBad) {
    SCOPED_TRACE(bad);
    FirstPassFrameStats stats;
    static_assert(sizeof(stats) == 25 * sizeof(double));
    auto* numbers = reinterpret_cast<double*>(&stats);
    std::fill(numbers, numbers + 25, bad);
    Observer observer(std::vector<FirstPassFrameStats>(40, stats));
    observer.CodeUntil(20);
    ExpectSound(observer.See({.show_index = 20}));
  }
}

TEST(ObservationTest, IsBoundedWhateverTheResults) {
  Observer observer(SteadyStats(50));
  const FrameResult kResults[] = {
      {.q_index = 1, .bits = 0, .sse = 0, .pixel_count = 0},
      {.q_index = 255, .bits = -7, .sse = -1, .pixel_count = 5},
      {.q_index = 255, .bits = 1LL << 60, .sse = 1LL << 60, .pixel_count = 1}};
  for (int i = 0; i < 50; ++i) {
    ExpectSound(observer.Code({.show_index = i, .gop_index = i * 1000},
                              kResults[i % 3]));
  }
}

TEST(ObservationTest, HasATokenForEachFrameNearby) {
  Observer observer(SteadyStats(100));
  observer.CodeUntil(50);
  const muzero::Observation observation = observer.See({.show_index = 50});
  for (int i = -8; i <= 16; ++i) {
    const int token = observation.focus + i;
    EXPECT_EQ(TokenValue(observation, token, kLogBlockLength), 0);
    EXPECT_EQ(TokenValue(observation, token, kSignedDistance),
              static_cast<float>(i) / 16);
  }
}

TEST(ObservationTest, CoversTheStretchInBlocksThatGrow) {
  for (const int num_frames : {1, 2, 30, 90, 224}) {
    SCOPED_TRACE(num_frames);
    Observer observer(SteadyStats(num_frames));
    observer.CodeUntil(num_frames / 2);
    const auto observation = observer.See({.show_index = num_frames / 2});
    double frames = 0;
    for (int token = 0; token < observation.num_tokens; ++token) {
      frames += std::exp(TokenValue(observation, token, kLogBlockLength));
    }
    EXPECT_NEAR(frames, num_frames, 1e-3);
  }
}

TEST(ObservationTest, TellsWhatWasCodedFromWhatWasNot) {
  Observer observer(SteadyStats(100));
  observer.CodeUntil(10);
  const muzero::Observation observation = observer.See({.show_index = 10});
  const int last = observation.focus - 1;
  EXPECT_EQ(TokenValue(observation, last, kCodedShare), 1);
  EXPECT_NEAR(TokenValue(observation, last, kCodedLogStep), std::log(200),
              1e-6);
  EXPECT_NEAR(TokenValue(observation, last, kCodedLogBpp), std::log(0.1), 1e-6);
  EXPECT_NEAR(TokenValue(observation, last, kCodedPsnr), 4, 1e-3);
  EXPECT_EQ(FocusValue(observation, kCodedShare), 0);
  EXPECT_EQ(FocusValue(observation, kCodedLogStep), 0);
}

TEST(ObservationTest, ShowsAnAltRefAtTheFrameThatItIsShownAs) {
  Observer observer(SteadyStats(100));
  observer.CodeUntil(1);
  const FrameInfo alt_ref = {.type = FrameType::kAltRef, .show_index = 13};
  const auto before = observer.Code(alt_ref, Observer::kResult);
  EXPECT_EQ(before.context[kIsAltRef], 1);
  EXPECT_EQ(FocusValue(before, kSignedDistance), 0);
  const auto after = observer.See({.show_index = 1});
  EXPECT_EQ(TokenValue(after, after.focus + 12, kAltRefShare), 1);
  EXPECT_NEAR(TokenValue(after, after.focus + 12, kAltRefLogStep),
              std::log(200), 1e-6);
  EXPECT_EQ(TokenValue(after, after.focus + 12, kCodedShare), 0);
}

TEST(ObservationTest, KnowsTheStepsOfTheReferences) {
  Observer observer(SteadyStats(100));
  observer.CodeUntil(3);
  FrameInfo frame = {.show_index = 3};
  frame.reference_coding_indices = {2, std::nullopt, 77};
  const muzero::Observation observation = observer.See(frame);
  EXPECT_EQ(observation.context[kHasLast], 1);
  EXPECT_NEAR(observation.context[kLastLogStep], std::log(200), 1e-6);
  EXPECT_EQ(observation.context[kHasGolden], 0);
  EXPECT_EQ(observation.context[kHasAltRef], 0);  // Never coded.
}

TEST(ObservationTest, CountsFramesAndBits) {
  Observer observer(SteadyStats(100));
  observer.CodeUntil(25);
  const auto observation = observer.See({.show_index = 25});
  EXPECT_NEAR(observation.context[kFramesDone], 0.25, 1e-6);
  EXPECT_NEAR(observation.context[kBitsUsed], 0.25, 1e-6);
  EXPECT_NEAR(observation.context[kMeanPsnr], 4, 1e-3);
  EXPECT_NEAR(observation.context[kLogTargetBpp], std::log(0.1), 1e-6);
  EXPECT_NEAR(observation.context[kLogMacroblocks], std::log(0.3), 1e-6);
  EXPECT_EQ(observation.context[kLogFrameRate], 0);
}

TEST(ObservationTest, IsTheSameAtAnotherSizeAndRate) {
  std::vector<FirstPassFrameStats> stats = SteadyStats(60);
  for (auto& frame : stats) {
    frame.mv_row_abs = frame.mv_col = 40;
    // So low that what libvpx adds for the size is all there is.
    frame.intra_error = frame.coded_error = frame.sr_coded_error = 0;
  }
  Observer small(stats);
  for (auto& frame : stats) frame.mv_row_abs = frame.mv_col = 80;
  Observer large(stats, {.width = 640,
                         .height = 480,
                         .frame_rate = 60,
                         .num_frames = 60,
                         .target_bitrate_kbps = 230.4 * 8});
  const auto seen_small = small.See({.type = FrameType::kKey});
  const auto seen_large = large.See({.type = FrameType::kKey});
  for (size_t i = 0; i < seen_small.tokens.size(); ++i) {
    EXPECT_NEAR(seen_small.tokens[i], seen_large.tokens[i], 1e-4)
        << TokenFeatures()[i % kNumTokenFeatures].name;
  }
  for (size_t i = 0; i < kNumContextFeatures; ++i) {
    if (i == kLogMacroblocks || i == kLogFrameRate) continue;
    EXPECT_NEAR(seen_small.context[i], seen_large.context[i], 1e-3)
        << ContextFeatures()[i].name;
  }
}

TEST(ObservationTest, EndsWithTheStretch) {
  Observer observer(SteadyStats(1000));
  observer.CodeUntil(149);
  const auto last = observer.See({.show_index = 149});
  EXPECT_EQ(last.focus, last.num_tokens - 1);
  EXPECT_NEAR(last.context[kFramesDone], 149 / 150.0, 1e-6);
}

TEST(ObservationTest, StartsAfreshWithAStretch) {
  Observer observer(SteadyStats(1000));
  observer.CodeUntil(150);
  const auto first = observer.See({.show_index = 150});
  EXPECT_EQ(first.focus, 0);
  EXPECT_EQ(first.context[kFramesDone], 0);
  EXPECT_NEAR(first.context[kBitsUsed], 0, 1e-6);
}

}  // namespace
}  // namespace selfplay
