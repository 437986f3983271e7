#include "encoder_bridge/chunk_source.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/frame_log.h"
#include "tests/encoder_bridge/joined_clip.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

const std::vector<int> kScenes = {10, 20};

class ChunkSourceTest : public testing::Test {
 protected:
  void Open(JoinedClip::Index index, std::vector<int> scenes = kScenes) {
    auto clip = std::make_unique<JoinedClip>(scenes, index);
    clip_ = clip.get();
    source_.emplace(std::move(clip), log_);
  }
  // The frames of a chunk, which are to be those of the log.
  void ExpectChunk(int first, int end) {
    source_->SetChunk(first, end);
    ASSERT_THAT(source_->Rewind(), IsOk());
    const std::vector<LoggedFrame> frames = RestOf(*source_);
    ASSERT_EQ(frames.size(), static_cast<size_t>(end - first));
    for (int i = first; i < end; ++i) {
      EXPECT_EQ(frames[static_cast<size_t>(i - first)],
                log_[static_cast<size_t>(i)])
          << i;
    }
  }

  JoinedClip original_{kScenes};
  const std::vector<LoggedFrame> log_ = RestOf(original_);
  JoinedClip* clip_ = nullptr;
  std::optional<ChunkSource> source_;
};

TEST(FrameLogTest, TellsFramesApart) {
  JoinedClip clip(kScenes);
  const std::vector<LoggedFrame> frames = RestOf(clip);
  ASSERT_EQ(frames.size(), 30u);
  for (size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].pts, static_cast<int64_t>(i));
    EXPECT_NE(frames[i].hash, frames[i - 1].hash);
  }
}

TEST(FrameLogTest, BeginsAnewWithRewind) {
  JoinedClip clip(kScenes);
  FrameLog log(clip);
  ASSERT_THAT(log.Next(), IsOk());
  ASSERT_THAT(log.Rewind(), IsOk());
  EXPECT_TRUE(log.frames().empty());
}

TEST_F(ChunkSourceTest, ReadsChunksInAnyOrder) {
  Open(JoinedClip::Index::kGood);
  ExpectChunk(10, 30);
  ExpectChunk(0, 10);
  ExpectChunk(10, 20);
  EXPECT_EQ(clip_->num_rewinds(), 0);
}

TEST_F(ChunkSourceTest, ReadsFromTheBeginningWhatHasNoIndex) {
  Open(JoinedClip::Index::kNone);
  ExpectChunk(10, 30);
  EXPECT_EQ(clip_->num_rewinds(), 1);
}

TEST_F(ChunkSourceTest, ReadsFromTheBeginningWhereTheIndexIsWrong) {
  Open(JoinedClip::Index::kWrong);
  ExpectChunk(5, 25);
  EXPECT_EQ(clip_->num_rewinds(), 1);
}

TEST_F(ChunkSourceTest, ReadsAChunkAgain) {
  Open(JoinedClip::Index::kGood);
  ExpectChunk(10, 30);
  ExpectChunk(10, 30);
}

TEST_F(ChunkSourceTest, SaysWhichFrameIsMissing) {
  Open(JoinedClip::Index::kGood, {10, 5});
  source_->SetChunk(10, 30);
  ASSERT_THAT(source_->Rewind(), IsOk());
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = source_->Next().status();
  EXPECT_THAT(status,
              HasStatus(absl::StatusCode::kFailedPrecondition, "frame 15 "));
}

}  // namespace
}  // namespace encoder_bridge
