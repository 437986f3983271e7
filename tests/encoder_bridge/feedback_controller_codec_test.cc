#include <gtest/gtest.h>

#include <vector>

#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/testing/memory_sink.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using testing_support::Content;
using testing_support::IsOk;
using testing_support::MemorySink;
using testing_support::SyntheticClip;
using testing_support::SyntheticClipOptions;

absl::Status Ignore(const EncodeProgress& /*progress*/) {
  return absl::OkStatus();
}

// Both passes of the clip with libvpx, a FeedbackController choosing.
absl::StatusOr<EncodeResult> Encode(const SyntheticClipOptions& clip,
                                    int kbps) {
  SyntheticClip source(clip);
  const EncoderSettings settings = {.cpu_used = 5};
  const absl::StatusOr<FirstPassResult> first_pass =
      RunFirstPass(source, settings, Ignore);
  if (!first_pass.ok()) return first_pass.status();
  FeedbackController controller(
      {.width = clip.width,
       .height = clip.height,
       .frame_rate = clip.frame_rate.value(),
       .num_frames = clip.num_frames,
       .target_bitrate_kbps = static_cast<double>(kbps)});
  MemorySink sink;
  return RunSecondPass(source, settings, *first_pass,
                       {.mode = RateControlMode::kExternal,
                        .target_bitrate_kbps = kbps,
                        .controller = &controller},
                       sink, Ignore);
}

TEST(FeedbackControllerCodecTest, LandsOnTheTargetWithLibvpx) {
  // Low enough for the leaves of a clip that is predicted so well to matter.
  constexpr int kKbps = 10;
  const absl::StatusOr<EncodeResult> result =
      Encode({.width = 176, .height = 144, .num_frames = 120}, kKbps);
  ASSERT_THAT(result, IsOk());
  EXPECT_NEAR(result->bitrate_kbps / kKbps, 1, 0.03);
}

TEST(FeedbackControllerCodecTest, EncodesEveryKindOfClip) {
  for (const Content content :
       {Content::kSceneCut, Content::kFade, Content::kNoise, Content::kStatic,
        Content::kBlack}) {
    SCOPED_TRACE(static_cast<int>(content));
    const absl::StatusOr<EncodeResult> result =
        Encode({.content = content, .num_frames = 30}, 40);
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->shown_frames, 30);
  }
}

TEST(FeedbackControllerCodecTest, EncodesTheSmallestClips) {
  for (const int frames : {1, 2}) {
    for (const int size : {1, 16}) {
      SCOPED_TRACE(frames * 100 + size);
      const absl::StatusOr<EncodeResult> result =
          Encode({.width = size, .height = size, .num_frames = frames}, 1);
      ASSERT_THAT(result, IsOk());
      EXPECT_EQ(result->shown_frames, frames);
    }
  }
}

}  // namespace
}  // namespace encoder_bridge
