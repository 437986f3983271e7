#include "selfplay/decoded_clip.h"

#include <gtest/gtest.h>

#include <stop_token>

#include "absl/status/status.h"
#include "tests/testing/read_video.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::ReadAll;
using ::testing_support::SyntheticClip;

constexpr int64_t kPlenty = 1 << 30;

// Odd sides, so that chroma is rounded up.
SyntheticClip OddClip() {
  return SyntheticClip({.width = 33, .height = 17, .num_frames = 4});
}

TEST(DecodedClipTest, ReplaysTheFramesOfItsSource) {
  SyntheticClip source = OddClip();
  DecodedClipSource replay(
      DecodedClip::Read(source, kPlenty, std::stop_token()).value());
  EXPECT_EQ(replay.format().width, 33);
  ASSERT_TRUE(source.Rewind().ok());
  EXPECT_EQ(ReadAll(replay), ReadAll(source));
}

TEST(DecodedClipTest, ReplaysFromTheBeginningAfterRewind) {
  SyntheticClip source = OddClip();
  DecodedClipSource replay(
      DecodedClip::Read(source, kPlenty, std::stop_token()).value());
  const auto first = ReadAll(replay);
  ASSERT_EQ(first.size(), 4);
  ASSERT_TRUE(replay.Rewind().ok());
  EXPECT_EQ(ReadAll(replay), first);
}

TEST(DecodedClipTest, KnowsItsSize) {
  SyntheticClip source = OddClip();
  const auto clip = DecodedClip::Read(source, kPlenty, std::stop_token());
  EXPECT_EQ((*clip)->bytes(), 4 * (33 * 17 + 2 * 17 * 9));
}

TEST(DecodedClipTest, RefusesWhatDoesNotFit) {
  SyntheticClip source = OddClip();
  EXPECT_THAT(DecodedClip::Read(source, 2000, std::stop_token()),
              HasStatus(absl::StatusCode::kResourceExhausted, "2000 bytes"));
}

TEST(DecodedClipTest, StopsWhenItIsTold) {
  SyntheticClip source = OddClip();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(DecodedClip::Read(source, kPlenty, stop.get_token()),
              HasStatus(absl::StatusCode::kCancelled, ""));
}

}  // namespace
}  // namespace selfplay
