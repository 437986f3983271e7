// The whole search, on clips made by code.

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>

#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "selfplay/encode_episode.h"
#include "selfplay/teacher.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

constexpr int kTargetKbps = 60;
const encoder_bridge::EncoderSettings kSettings = {.cpu_used = 5};

// Short, but with a key frame in the middle.
testing_support::SyntheticClipOptions Clip() {
  return {.content = testing_support::Content::kSceneCut, .num_frames = 40};
}

absl::StatusOr<Lesson> Learn(const TeacherOptions& options) {
  testing_support::SyntheticClip source(Clip());
  const auto first_pass = encoder_bridge::RunFirstPass(
      source, kSettings,
      [](const encoder_bridge::EncodeProgress&) { return absl::OkStatus(); });
  if (!first_pass.ok()) return first_pass.status();
  return Teach({.source = source,
                .first_pass = *first_pass,
                .settings = kSettings,
                .target_bitrate_kbps = kTargetKbps},
               options);
}

// Small enough for a test.
TeacherOptions Quick() { return {.clip_steps = {0.3}, .rounds = 1}; }

// The best PSNR among the encodes called `what`, were all at the target; 5 dB
// are what a clip gains for e times the bits.
double QualityOf(const Lesson& lesson, const std::string& what) {
  double best = 0;
  for (const TaughtEncode& encode : lesson.encodes) {
    if (encode.what != what) continue;
    best =
        std::max(best, encode.outcome.quality -
                           5 * std::log(encode.encode.outcome.bits_fraction));
  }
  return best;
}

TEST(TeacherTest, KeepsToTheTargetAndIsNoWorseThanFeedback) {
  const auto lesson = Learn(Quick());
  ASSERT_THAT(lesson, IsOk());
  const TaughtEncode& best = lesson->encodes.back();
  EXPECT_LT(best.encode.outcome.bits_fraction, 1.02);
  EXPECT_GE(
      best.outcome.quality - 5 * std::log(best.encode.outcome.bits_fraction),
      QualityOf(*lesson, "feedback"));
  EXPECT_GT(lesson->encodes_spent, 10);
}

TEST(TeacherTest, OnlyTheBestIsAnExample) {
  const auto lesson = Learn(Quick());
  ASSERT_THAT(lesson, IsOk());
  for (size_t i = 0; i < lesson->encodes.size(); ++i) {
    for (const EncodeStep& step : lesson->encodes[i].encode.steps) {
      EXPECT_EQ(step.is_example, i + 1 == lesson->encodes.size());
    }
  }
}

TEST(TeacherTest, EveryEncodeCanBeToldAsAnEpisode) {
  const auto lesson = Learn(Quick());
  ASSERT_THAT(lesson, IsOk());
  for (const TaughtEncode& encode : lesson->encodes) {
    EXPECT_THAT(RebuildObservations(encode.encode, lesson->stats), IsOk())
        << encode.what;
  }
}

TEST(TeacherTest, TeachesTheSameTwice) {
  const auto first = Learn(Quick());
  const auto second = Learn(Quick());
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->encodes_spent, second->encodes_spent);
  EXPECT_EQ(first->encodes.back().outcome.quality,
            second->encodes.back().outcome.quality);
}

TEST(TeacherTest, RefusesOptionsThatMakeNoSense) {
  EXPECT_THAT(Learn({.rounds = -1}),
              HasStatus(absl::StatusCode::kInvalidArgument, "rounds"));
  EXPECT_THAT(Learn({.groups = 0}),
              HasStatus(absl::StatusCode::kInvalidArgument, "groups"));
}

}  // namespace
}  // namespace selfplay
