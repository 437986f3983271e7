#include "encoder_bridge/read_ahead.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_log.h"
#include "tests/encoder_bridge/joined_clip.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

const std::vector<int> kScenes = {9, 4};

std::vector<LoggedFrame> Expected() {
  JoinedClip clip(kScenes);
  return RestOf(clip);
}

TEST(ReadAheadTest, GivesTheSourcesFrames) {
  JoinedClip clip(kScenes);
  ReadAhead source(clip);
  EXPECT_EQ(RestOf(source), Expected());
  EXPECT_EQ(source.format().width, clip.format().width);
}

TEST(ReadAheadTest, StaysAtTheEnd) {
  JoinedClip clip(kScenes);
  ReadAhead source(clip);
  RestOf(source);
  const auto again = source.Next();
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(*again, nullptr);
}

TEST(ReadAheadTest, RewindsFromAnywhere) {
  const std::vector<LoggedFrame> expected = Expected();
  JoinedClip clip(kScenes);
  ReadAhead source(clip);
  for (const int num_read : {0, 1, 5, 13, 2}) {
    ASSERT_THAT(source.Rewind(), IsOk());
    for (int i = 0; i < num_read; ++i) {
      const auto frame = source.Next();
      ASSERT_THAT(frame, IsOk());
      EXPECT_EQ(LogOf(**frame), expected[static_cast<size_t>(i)]);
    }
  }
  ASSERT_THAT(source.Rewind(), IsOk());
  EXPECT_EQ(RestOf(source), expected);
}

TEST(ReadAheadTest, KeepsAFrameUntilTheNextIsAskedFor) {
  JoinedClip clip(kScenes);
  ReadAhead source(clip);
  const auto frame = source.Next();
  ASSERT_THAT(frame, IsOk());
  const LoggedFrame before = LogOf(**frame);
  // Enough for the thread to have read all it may.
  JoinedClip other(kScenes);
  RestOf(other);
  EXPECT_EQ(LogOf(**frame), before);
}

TEST(ReadAheadTest, GoesAwayInTheMiddle) {
  JoinedClip clip(kScenes);
  {
    ReadAhead source(clip);
    ASSERT_THAT(source.Next(), IsOk());
  }
  // The source is the caller's again.
  ASSERT_THAT(clip.Rewind(), IsOk());
  EXPECT_EQ(RestOf(clip), Expected());
}

// Breaks after some frames.
class BreakingClip : public JoinedClip {
 public:
  explicit BreakingClip(int num_good) : JoinedClip(kScenes), left_(num_good) {}

  absl::StatusOr<const VideoFrame*> Next() override {
    if (left_-- == 0) return absl::DataLossError("torn");
    return JoinedClip::Next();
  }

 private:
  int left_;
};

TEST(ReadAheadTest, AnErrorComesInItsPlace) {
  BreakingClip clip(3);
  ReadAhead source(clip);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(source.Next(), IsOk()) << i;
  EXPECT_THAT(source.Next().status(),
              HasStatus(absl::StatusCode::kDataLoss, "torn"));
  EXPECT_THAT(source.Next().status(),
              HasStatus(absl::StatusCode::kDataLoss, "torn"));
}

}  // namespace
}  // namespace encoder_bridge
