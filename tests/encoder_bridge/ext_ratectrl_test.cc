#include "encoder_bridge/ext_ratectrl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/testing/memory_sink.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using ::testing_support::Content;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::MemorySink;
using ::testing_support::SyntheticClip;

// Writes down every call, and does what a test wants of it.
class RecordingController : public RateController {
 public:
  std::function<absl::StatusOr<int>(const FrameInfo&)> choose =
      [](const FrameInfo&) { return 100; };
  std::function<absl::Status(const FrameResult&)> on_result =
      [](const FrameResult&) { return absl::OkStatus(); };
  absl::Status on_stats;

  std::vector<FirstPassFrameStats> stats;
  std::vector<FrameInfo> decisions;
  std::vector<FrameResult> results;

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> frames) override {
    stats.assign(frames.begin(), frames.end());
    return on_stats;
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    EXPECT_EQ(decisions.size(), results.size()) << "decisions must pair";
    decisions.push_back(frame);
    return choose(frame);
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    results.push_back(result);
    EXPECT_EQ(decisions.size(), results.size()) << "results must pair";
    return on_result(result);
  }
};

class ExtRateControlTest : public testing::Test {
 protected:
  absl::StatusOr<EncodeResult> Encode(Content content = Content::kMovingTexture,
                                      int num_frames = 40) {
    SyntheticClip clip({.content = content, .num_frames = num_frames});
    const ProgressFn ignore = [](const EncodeProgress&) {
      return absl::OkStatus();
    };
    const auto first = RunFirstPass(clip, settings_, ignore);
    if (!first.ok()) return first.status();
    MemorySink sink;
    return RunSecondPass(clip, settings_, *first,
                         {.mode = RateControlMode::kExternal,
                          .target_bitrate_kbps = 50,
                          .controller = &controller_},
                         sink, ignore);
  }

  EncoderSettings settings_ = {.cpu_used = 5};
  RecordingController controller_;
};

TEST_F(ExtRateControlTest, GivesTheStatisticsOfEveryShownFrame) {
  ASSERT_THAT(Encode(), IsOk());
  ASSERT_EQ(controller_.stats.size(), 40u);
  for (int i = 0; i < 40; ++i) {
    const auto& frame = controller_.stats[static_cast<size_t>(i)];
    EXPECT_EQ(frame.frame, i);
    EXPECT_EQ(frame.count, 1);
    EXPECT_GT(frame.intra_error, 0);
  }
}

TEST_F(ExtRateControlTest, PairsEveryDecisionWithItsResult) {
  const auto result = Encode();
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(controller_.decisions.size(), result->frames.size());
  ASSERT_EQ(controller_.results.size(), result->frames.size());
  for (size_t i = 0; i < controller_.results.size(); ++i) {
    EXPECT_EQ(controller_.decisions[i].coding_index, static_cast<int>(i));
    EXPECT_EQ(controller_.results[i].coding_index, static_cast<int>(i));
    EXPECT_GT(controller_.results[i].bits, 0);
    EXPECT_EQ(controller_.results[i].pixel_count, 96 * 64 * 3 / 2);
  }
}

TEST_F(ExtRateControlTest, TellsTheDistortionOfEveryShownFrame) {
  // Frames that differ in quality, coded one by one and in the flush.
  controller_.choose = [](const FrameInfo& frame) {
    return 1 + (frame.coding_index * 37) % 255;
  };
  const auto result = Encode();
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(controller_.results.size(), result->frames.size());
  int shown = 0;
  for (size_t i = 0; i < controller_.results.size(); ++i) {
    if (!result->frames[i].is_shown) continue;
    ++shown;
    EXPECT_EQ(controller_.results[i].sse, result->frames[i].sse) << i;
  }
  EXPECT_EQ(shown, 40);
}

TEST_F(ExtRateControlTest, CodesEveryFrameWithTheChosenQIndex) {
  controller_.choose = [](const FrameInfo& frame) {
    return 1 + (frame.coding_index * 37) % 255;
  };
  const auto result = Encode();
  ASSERT_THAT(result, IsOk());
  for (const CodedFrame& frame : result->frames) {
    EXPECT_EQ(frame.q_index, 1 + (frame.coding_index * 37) % 255);
  }
}

TEST_F(ExtRateControlTest, TakesTheExtremeQIndices) {
  for (const int q_index : {kMinQIndex, kMaxQIndex}) {
    controller_ = {};
    controller_.choose = [=](const FrameInfo&) { return q_index; };
    ASSERT_THAT(Encode(Content::kMovingTexture, 10), IsOk());
    EXPECT_EQ(controller_.results.front().q_index, q_index);
  }
}

TEST_F(ExtRateControlTest, ShowsHiddenArfsAndTheirOverlays) {
  const auto result = Encode();
  ASSERT_THAT(result, IsOk());
  int arfs = 0;
  for (const CodedFrame& frame : result->frames) {
    if (frame.type != FrameType::kAltRef) continue;
    ++arfs;
    EXPECT_FALSE(frame.is_shown);
    // Its SSE is against the filtered source: not a PSNR of what is shown.
    EXPECT_FALSE(frame.psnr_db.has_value());
    EXPECT_GT(
        frame.show_index,
        result->frames[static_cast<size_t>(frame.coding_index - 1)].show_index);
  }
  EXPECT_GT(arfs, 0);
  EXPECT_EQ(result->shown_frames, 40);
}

TEST_F(ExtRateControlTest, EndsTheEncodeWithTheControllersOwnStatus) {
  controller_.choose = [](const FrameInfo& frame) -> absl::StatusOr<int> {
    if (frame.coding_index == 3) return absl::DataLossError("model is gone");
    return 100;
  };
  EXPECT_THAT(Encode(),
              HasStatus(absl::StatusCode::kDataLoss, "model is gone"));
  EXPECT_EQ(controller_.decisions.size(), 4u) << "nothing is asked after that";
}

TEST_F(ExtRateControlTest, StopsWhenTheControllerRefusesAResult) {
  controller_.on_result = [](const FrameResult&) {
    return absl::AbortedError("enough");
  };
  EXPECT_THAT(Encode(), HasStatus(absl::StatusCode::kAborted, "enough"));
}

TEST_F(ExtRateControlTest, StopsWhenTheControllerRefusesTheStatistics) {
  controller_.on_stats = absl::OutOfRangeError("too short");
  EXPECT_THAT(Encode(), HasStatus(absl::StatusCode::kOutOfRange, "too short"));
  EXPECT_TRUE(controller_.decisions.empty());
}

TEST_F(ExtRateControlTest, RefusesAQIndexOutOfRange) {
  for (const int q_index : {0, 256, -5}) {
    controller_ = {};
    controller_.choose = [=](const FrameInfo&) { return q_index; };
    EXPECT_THAT(Encode(),
                HasStatus(absl::StatusCode::kOutOfRange,
                          absl::StrCat("q_index ", q_index,
                                       " chosen for coded frame 0 is not in "
                                       "[1, 255]")));
  }
}

TEST_F(ExtRateControlTest, LetsNoExceptionThroughC) {
  controller_.choose = [](const FrameInfo&) -> absl::StatusOr<int> {
    throw std::runtime_error("boom");
  };
  EXPECT_THAT(Encode(), HasStatus(absl::StatusCode::kInternal, "boom"));
}

TEST_F(ExtRateControlTest, WorksWithoutAltRefs) {
  settings_.auto_alt_ref = 0;
  const auto result = Encode();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->frames.size(), 40u);
}

}  // namespace
}  // namespace encoder_bridge
