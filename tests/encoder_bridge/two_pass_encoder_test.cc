#include "encoder_bridge/two_pass_encoder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/encode_result.h"
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
using ::testing_support::SyntheticClipOptions;

absl::Status IgnoreProgress(const EncodeProgress&) { return absl::OkStatus(); }

struct Encoded {
  EncodeResult result;
  std::vector<std::vector<uint8_t>> packets;
};

absl::StatusOr<Encoded> SecondPass(FrameSource& clip,
                                   const EncoderSettings& settings,
                                   const FirstPassResult& first,
                                   const SecondPassOptions& options) {
  MemorySink sink;
  auto result =
      RunSecondPass(clip, settings, first, options, sink, IgnoreProgress);
  if (!result.ok()) return result.status();
  return Encoded{*result, sink.packets()};
}

absl::StatusOr<Encoded> BothPasses(const SyntheticClipOptions& clip_options,
                                   const SecondPassOptions& options,
                                   const EncoderSettings& settings = {
                                       .cpu_used = 5}) {
  SyntheticClip clip(clip_options);
  const auto first = RunFirstPass(clip, settings, IgnoreProgress);
  if (!first.ok()) return first.status();
  return SecondPass(clip, settings, *first, options);
}

TEST(TwoPassEncoderTest, ShowsEveryFrameOfOddClips) {
  const SyntheticClipOptions kCases[] = {
      {.num_frames = 1},
      {.num_frames = 2},
      {.width = 16, .height = 16},
      {.width = 1, .height = 1},
      {.width = 853, .height = 47, .num_frames = 3},
      {.frame_rate = {1, 1}},
      {.frame_rate = {1, 2}},
      {.frame_rate = {120, 1}},
      {.frame_rate = {30000, 1001}},
      {.content = Content::kBlack},
      {.content = Content::kNoise},
      {.content = Content::kStatic, .num_frames = 140},
      {.content = Content::kFade},
      {.content = Content::kSceneCut, .num_frames = 60},
  };
  for (const auto& clip : kCases) {
    SCOPED_TRACE(testing::Message() << clip.width << "x" << clip.height << ", "
                                    << clip.num_frames << " frames");
    ConstantQController controller({});
    for (const auto mode : {RateControlMode::kVbr, RateControlMode::kExternal,
                            RateControlMode::kConstantQuality}) {
      const auto encoded = BothPasses(clip, {.mode = mode,
                                             .target_bitrate_kbps = 100,
                                             .cq_level = 30,
                                             .controller = &controller});
      ASSERT_THAT(encoded, IsOk());
      EXPECT_EQ(encoded->result.shown_frames, clip.num_frames);
      EXPECT_EQ(encoded->packets.size(), static_cast<size_t>(clip.num_frames));
    }
  }
}

// libvpx writes coded frames into a buffer of the raw picture's size.
TEST(TwoPassEncoderTest, CodesTenBitsOfNoiseAtTheFinestQuantizer) {
  ConstantQController controller(
      {.key = 1, .alt_ref = 1, .golden = 1, .inter = 1});
  const auto encoded = BothPasses(
      {.content = Content::kNoise, .num_frames = 10, .bit_depth = 10},
      {.mode = RateControlMode::kExternal,
       .target_bitrate_kbps = 100,
       .controller = &controller});
  ASSERT_THAT(encoded, IsOk());
  for (const CodedFrame& frame : encoded->result.frames) {
    EXPECT_EQ(frame.q_index, 1);
  }
  // No 8-bit version of it is nearer than 59 dB: the mean square of 0, 1, 2
  // and 1 at a peak of 1023.
  EXPECT_GT(encoded->result.psnr.mean_db, 65);
}

TEST(TwoPassEncoderTest, CodesTheSamePictureAlikeInEightAndTenBits) {
  const SecondPassOptions options = {.mode = RateControlMode::kConstantQuality,
                                     .target_bitrate_kbps = 100,
                                     .cq_level = 40};
  const auto eight = BothPasses({}, options);
  const auto ten = BothPasses({.bit_depth = 10}, options);
  ASSERT_THAT(ten, IsOk());
  EXPECT_NEAR(ten->result.psnr.mean_db, eight->result.psnr.mean_db, 1);
  EXPECT_NEAR(ten->result.psnr.global_db, eight->result.psnr.global_db, 1);
}

TEST(TwoPassEncoderTest, RefusesOtherBitDepths) {
  EXPECT_THAT(BothPasses({.bit_depth = 12}, {.target_bitrate_kbps = 100}),
              HasStatus(absl::StatusCode::kInvalidArgument, "12"));
}

TEST(TwoPassEncoderTest, GivesTheSameBitsEveryTime) {
  const SecondPassOptions vbr = {.target_bitrate_kbps = 60};
  EXPECT_EQ(BothPasses({}, vbr)->packets, BothPasses({}, vbr)->packets);
}

TEST(TwoPassEncoderTest, GivesTheSameBitsForEveryNumberOfThreads) {
  const SyntheticClipOptions clip = {.width = 640, .height = 64};
  const SecondPassOptions vbr = {.target_bitrate_kbps = 200};
  const auto one = BothPasses(clip, vbr, {.cpu_used = 5, .threads = 1});
  const auto two = BothPasses(clip, vbr, {.cpu_used = 5, .threads = 2});
  EXPECT_EQ(one->packets, two->packets);
}

TEST(TwoPassEncoderTest, ReusesTheFirstPassForOtherTargetsAndSpeeds) {
  SyntheticClip clip({});
  const auto first = RunFirstPass(clip, {.cpu_used = 4}, IgnoreProgress);
  for (const int target_kbps : {30, 120}) {
    const SecondPassOptions options = {.target_bitrate_kbps = target_kbps};
    const auto reused = SecondPass(clip, {.cpu_used = 5}, *first, options);
    const auto fresh = BothPasses({}, options, {.cpu_used = 5});
    EXPECT_EQ(reused->packets, fresh->packets);
  }
}

TEST(TwoPassEncoderTest, SpendsMoreBitsForAHigherTarget) {
  const auto low = BothPasses({}, {.target_bitrate_kbps = 20});
  const auto high = BothPasses({}, {.target_bitrate_kbps = 400});
  EXPECT_LT(low->result.packet_bytes, high->result.packet_bytes);
  EXPECT_LT(low->result.psnr.mean_db, high->result.psnr.mean_db);
}

TEST(TwoPassEncoderTest, CountsWhatThePacketsHold) {
  const auto encoded = BothPasses({}, {.target_bitrate_kbps = 60});
  int64_t bytes = 0;
  for (const auto& packet : encoded->packets) {
    bytes += static_cast<int64_t>(packet.size());
  }
  int64_t frame_bits = 0;
  for (const auto& frame : encoded->result.frames) frame_bits += frame.bits;
  EXPECT_EQ(encoded->result.packet_bytes, bytes);
  EXPECT_LE(frame_bits, bytes * 8);
  EXPECT_NEAR(encoded->result.duration_seconds, 1.0, 1e-9);
  EXPECT_NEAR(encoded->result.bitrate_kbps,
              static_cast<double>(bytes) * 8 / 1000, 1e-9);
}

TEST(TwoPassEncoderTest, ReadsTheQuantizersOfLibvpxFromTheStream) {
  const auto fine = BothPasses({}, {.mode = RateControlMode::kConstantQuality,
                                    .target_bitrate_kbps = 60,
                                    .cq_level = 10});
  const auto coarse = BothPasses({}, {.mode = RateControlMode::kConstantQuality,
                                      .target_bitrate_kbps = 60,
                                      .cq_level = 60});
  ASSERT_EQ(fine->result.frames.front().type, FrameType::kKey);
  EXPECT_LT(fine->result.frames.back().q_index,
            coarse->result.frames.back().q_index);
  EXPECT_GT(fine->result.psnr.global_db, coarse->result.psnr.global_db);
}

TEST(TwoPassEncoderTest, EncodesNoiseAtTheFinestQuantizers) {
  // Without a bound libvpx writes past the end of its output buffer.
  ConstantQController finest({.key = 1, .alt_ref = 1, .golden = 1, .inter = 1});
  for (const auto& [width, height] : {std::pair(64, 48), std::pair(320, 192)}) {
    for (const auto mode : {RateControlMode::kVbr, RateControlMode::kExternal,
                            RateControlMode::kConstantQuality}) {
      const auto encoded = BothPasses({.content = Content::kNoise,
                                       .width = width,
                                       .height = height,
                                       .num_frames = 10},
                                      {.mode = mode,
                                       .target_bitrate_kbps = 100'000,
                                       .cq_level = 0,
                                       .controller = &finest});
      ASSERT_THAT(encoded, IsOk());
      // Constant quality codes key frames finer yet: it is bound more.
      const bool is_cq = mode == RateControlMode::kConstantQuality;
      EXPECT_GT(encoded->result.psnr.mean_db, is_cq ? 24 : 40);
    }
  }
}

TEST(TwoPassEncoderTest, StopsWhenTheCallerSaysSo) {
  for (const int pass : {1, 2}) {
    SyntheticClip clip({});
    const ProgressFn cancel = [pass](const EncodeProgress& progress) {
      return progress.pass == pass && progress.frames >= pass
                 ? absl::CancelledError("stop")
                 : absl::OkStatus();
    };
    auto first = RunFirstPass(clip, {}, cancel);
    if (pass == 1) {
      EXPECT_THAT(first, HasStatus(absl::StatusCode::kCancelled, "stop"));
      continue;
    }
    MemorySink sink;
    EXPECT_THAT(RunSecondPass(clip, {}, *first, {.target_bitrate_kbps = 60},
                              sink, cancel),
                HasStatus(absl::StatusCode::kCancelled, "stop"));
  }
}

TEST(TwoPassEncoderTest, CanBeStoppedBetweenTheFramesOfTheTail) {
  // 20 frames fit into the look-ahead: all are coded inside one flush.
  SyntheticClip clip({.num_frames = 20});
  const auto first = RunFirstPass(clip, {}, IgnoreProgress);
  int polls = 0;
  const ProgressFn cancel = [&](const EncodeProgress&) {
    return ++polls > 25 ? absl::CancelledError("stop") : absl::OkStatus();
  };
  ConstantQController controller({});
  MemorySink sink;
  EXPECT_THAT(RunSecondPass(clip, {}, *first,
                            {.mode = RateControlMode::kExternal,
                             .target_bitrate_kbps = 60,
                             .controller = &controller},
                            sink, cancel),
              HasStatus(absl::StatusCode::kCancelled, "stop"));
  EXPECT_TRUE(sink.packets().empty());
}

TEST(TwoPassEncoderTest, RefusesStatisticsOfOtherFrames) {
  SyntheticClip clip({.num_frames = 10});
  SyntheticClip longer({.num_frames = 12});
  SyntheticClip shorter({.num_frames = 8});
  SyntheticClip wider({.width = 128, .num_frames = 10});
  const auto first = RunFirstPass(clip, {}, IgnoreProgress);
  const SecondPassOptions vbr = {.target_bitrate_kbps = 60};
  for (FrameSource* other : {&longer, &shorter, &wider}) {
    EXPECT_THAT(SecondPass(*other, {}, *first, vbr),
                HasStatus(absl::StatusCode::kFailedPrecondition, "first"));
  }
}

TEST(TwoPassEncoderTest, RefusesSettingsOutOfRange) {
  EXPECT_THAT(BothPasses({}, {.target_bitrate_kbps = 0}),
              HasStatus(absl::StatusCode::kInvalidArgument, "at least 1 kbps"));
  EXPECT_THAT(BothPasses({}, {.mode = RateControlMode::kConstantQuality,
                              .target_bitrate_kbps = 60,
                              .cq_level = 64}),
              HasStatus(absl::StatusCode::kInvalidArgument, "cq-level 64"));
  EXPECT_THAT(BothPasses({}, {.mode = RateControlMode::kExternal,
                              .target_bitrate_kbps = 60}),
              HasStatus(absl::StatusCode::kInvalidArgument, "controller"));
  EXPECT_THAT(BothPasses({}, {.target_bitrate_kbps = 60}, {.cpu_used = 9}),
              HasStatus(absl::StatusCode::kInvalidArgument, "cpu-used 9"));
  EXPECT_THAT(BothPasses({.num_frames = 0}, {.target_bitrate_kbps = 60}),
              HasStatus(absl::StatusCode::kInvalidArgument, "no frame"));
}

TEST(OvershootTest, IsTheFractionAboveTarget) {
  const struct {
    const char* name;
    double coded_bits;
    double target_bits;
    double want;
  } kCases[] = {
      {"undershoot is not negative", 900, 1000, 0.0},
      {"on target", 1000, 1000, 0.0},
      {"five percent over", 1050, 1000, 0.05},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_NEAR(Overshoot(c.coded_bits, c.target_bits), c.want, 1e-12);
  }
}

}  // namespace
}  // namespace encoder_bridge
