#include "selfplay/encode_tracker.h"

#include <gtest/gtest.h>

#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using encoder_bridge::SteadyStats;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr auto kOutOfOrder = absl::StatusCode::kFailedPrecondition;
constexpr SequenceInfo kSequence = {.width = 320,
                                    .height = 240,
                                    .frame_rate = 30,
                                    .num_frames = 10,
                                    .target_bitrate_kbps = 30};

TEST(EncodeTrackerTest, ProposesWhatFeedbackDoes) {
  const auto stats = SteadyStats(10);
  EncodeTracker tracker(kSequence, {});
  encoder_bridge::FeedbackController feedback(kSequence);
  ASSERT_THAT(tracker.OnFirstPassStats(stats), IsOk());
  ASSERT_THAT(feedback.OnFirstPassStats(stats), IsOk());
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(tracker.Announce({.show_index = i, .coding_index = i}), IsOk());
    EXPECT_EQ(tracker.feedback_q_index(),
              *feedback.ChooseQIndex({.show_index = i, .coding_index = i}));
    ASSERT_THAT(tracker.OnFrameEncoded({.q_index = 9, .bits = 500}), IsOk());
    ASSERT_THAT(feedback.OnFrameEncoded({.q_index = 9, .bits = 500}), IsOk());
  }
}

TEST(EncodeTrackerTest, LeavesHiddenFramesOutOfPsnrButNotOutOfBits) {
  const auto stats = SteadyStats(10);
  EncodeTracker tracker(kSequence, {});
  ASSERT_THAT(tracker.OnFirstPassStats(stats), IsOk());
  ASSERT_THAT(tracker.Announce({}), IsOk());
  ASSERT_THAT(tracker.OnFrameEncoded(
                  {.q_index = 9, .bits = 2500, .sse = 650, .pixel_count = 100}),
              IsOk());
  ASSERT_THAT(
      tracker.Announce(
          {.type = FrameType::kAltRef, .show_index = 5, .coding_index = 1}),
      IsOk());
  ASSERT_THAT(tracker.OnFrameEncoded(
                  {.q_index = 9, .bits = 2500, .sse = 1, .pixel_count = 100}),
              IsOk());
  EXPECT_NEAR(tracker.outcome().mean_psnr_db, 40, 0.01);
  // Of 10,000 bits; a superframe index of 6 bytes is among them.
  EXPECT_NEAR(tracker.outcome().bits_fraction, 0.5 + 48 / 10'000.0, 1e-9);
}

TEST(EncodeTrackerTest, RefusesCallsOutOfOrder) {
  EncodeTracker tracker(kSequence, {});
  EXPECT_THAT(tracker.Announce({}), HasStatus(kOutOfOrder, "statistics"));
  EXPECT_THAT(tracker.OnFirstPassStats({}),
              HasStatus(kOutOfOrder, "statistics"));
  const auto stats = SteadyStats(10);
  ASSERT_THAT(tracker.OnFirstPassStats(stats), IsOk());
  EXPECT_THAT(tracker.OnFrameEncoded({}), HasStatus(kOutOfOrder, "result"));
  ASSERT_THAT(tracker.Announce({}), IsOk());
  EXPECT_THAT(tracker.Announce({}), HasStatus(kOutOfOrder, "result"));
}

TEST(EncodeTrackerTest, RefusesFramesThatTheClipDoesNotHave) {
  const auto stats = SteadyStats(10);
  EncodeTracker tracker(kSequence, {});
  ASSERT_THAT(tracker.OnFirstPassStats(stats), IsOk());
  EXPECT_THAT(tracker.Announce({.show_index = 10}),
              HasStatus(kOutOfOrder, "frame 10, which is not in [0, 10)"));
  EXPECT_THAT(tracker.Announce({.show_index = -1}),
              HasStatus(kOutOfOrder, "frame -1"));
}

TEST(TrackerOptionsTest, AreValidUnlessTheyMakeNoSense) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(TrackerOptions().Validate(), IsOk());
  EXPECT_THAT((TrackerOptions{.stretch_frames = 0}).Validate(),
              HasStatus(kInvalid, "stretch of 0"));
  EXPECT_THAT((TrackerOptions{.feedback = {.kf_max_dist = 0}}).Validate(),
              HasStatus(kInvalid, "kf_max_dist"));
}

}  // namespace
}  // namespace selfplay
