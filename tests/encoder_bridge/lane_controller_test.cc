#include "encoder_bridge/lane_controller.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/chunk_ledger.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr int kDelay = LaneController::kDelay;
constexpr double kBits = 1000;  // Of each frame.

FrameInfo InfoOf(int show_index) {
  return {.type = show_index == 0 ? FrameType::kKey : FrameType::kInter,
          .show_index = show_index,
          .reference_coding_indices = {}};
}

// Two chunks of 50 frames, coded at once; the test codes both.
class LaneControllerTest : public testing::Test {
 protected:
  LaneControllerTest() {
    for (int lane = 0; lane < 2; ++lane) {
      auto feedback = std::make_unique<FeedbackController>(
          SequenceInfo{.width = 640,
                       .height = 360,
                       .frame_rate = 30,
                       .num_frames = 100,
                       .target_bitrate_kbps = 300},
          FeedbackOptions{.chunk_starts = {50}});
      EXPECT_THAT(feedback->OnFirstPassStats(stats_), IsOk());
      feedback_[lane] = feedback.get();
      lanes_[lane] = std::make_unique<LaneController>(
          chunks_, lane, std::move(feedback), ledger_);
      lanes_[lane]->BeginChunk(static_cast<size_t>(lane));
    }
  }

  absl::Status Code(int lane, int show_index) {
    const auto q_index = lanes_[lane]->ChooseQIndex(InfoOf(show_index));
    if (!q_index.ok()) return q_index.status();
    return lanes_[lane]->OnFrameEncoded({.q_index = *q_index, .bits = 1000});
  }

  const std::vector<FirstPassFrameStats> stats_ = SteadyStats(100);
  const std::vector<Chunk> chunks_ = {{.first = 0, .end = 50, .lane = 0},
                                      {.first = 50, .end = 100, .lane = 1}};
  ChunkLedger ledger_{2};
  FeedbackController* feedback_[2];
  std::unique_ptr<LaneController> lanes_[2];
};

TEST_F(LaneControllerTest, KnowsTheOtherLaneButForTheLastFrames) {
  for (int i = 0; i < 30; ++i) {
    ASSERT_THAT(Code(0, i), IsOk());
    ASSERT_THAT(Code(1, i), IsOk());
  }
  // Both have told of 30 frames; the last decision knew less of the other.
  EXPECT_EQ(feedback_[0]->spent_bits(), kBits * (30 + 29 - kDelay));
  EXPECT_EQ(feedback_[1]->spent_bits(), kBits * (30 + 29 - kDelay));
}

TEST_F(LaneControllerTest, KnowsNoMoreOfALaneThatIsFarAhead) {
  for (int i = 0; i <= kDelay; ++i) ASSERT_THAT(Code(0, i), IsOk());
  for (int i = 0; i <= kDelay; ++i) ASSERT_THAT(Code(1, i), IsOk());
  ASSERT_THAT(Code(1, kDelay + 1), IsOk());
  EXPECT_EQ(feedback_[1]->spent_bits(), kBits * (kDelay + 2 + 1));
}

TEST_F(LaneControllerTest, WaitsForALaneThatIsBehind) {
  for (int i = 0; i <= kDelay; ++i) ASSERT_THAT(Code(0, i), IsOk());
  std::thread other([&] { EXPECT_THAT(Code(1, 0), IsOk()); });
  EXPECT_THAT(Code(0, kDelay + 1), IsOk());
  other.join();
  EXPECT_EQ(feedback_[0]->spent_bits(), kBits * (kDelay + 2 + 1));
}

TEST_F(LaneControllerTest, DoesNotWaitForAStoppedOne) {
  for (int i = 0; i <= kDelay; ++i) ASSERT_THAT(Code(0, i), IsOk());
  ledger_.Stop(absl::CancelledError("interrupted"));
  EXPECT_THAT(Code(0, kDelay + 1),
              HasStatus(absl::StatusCode::kCancelled, "interrupted"));
}

}  // namespace
}  // namespace encoder_bridge
