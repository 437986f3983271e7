#include "encoder_bridge/chunk_division.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;

std::vector<int> Firsts(const std::vector<Chunk>& chunks) {
  std::vector<int> firsts;
  for (const Chunk& chunk : chunks) firsts.push_back(chunk.first);
  return firsts;
}

// Key frames at every multiple of `distance`.
std::vector<int> Every(int distance, int num_frames) {
  std::vector<int> keys;
  for (int i = 0; i < num_frames; i += distance) keys.push_back(i);
  return keys;
}

TEST(DivideIntoChunksTest, DividesAtKeyFramesAndNowhereElse) {
  EXPECT_THAT(Firsts(DivideIntoChunks({0, 90, 130, 200}, 300, {})),
              ElementsAre(0, 90, 130, 200));
}

TEST(DivideIntoChunksTest, LeavesWholeWhatIsShortOrHasNoKeyFrame) {
  EXPECT_THAT(Firsts(DivideIntoChunks({0}, 100, {})), ElementsAre(0));
  EXPECT_THAT(Firsts(DivideIntoChunks({0, 20}, 40, {})), ElementsAre(0));
  EXPECT_THAT(Firsts(DivideIntoChunks({0, 95}, 100, {})), ElementsAre(0));
}

TEST(DivideIntoChunksTest, MakesNoChunkThatIsNotWorthItsEncoder) {
  const auto chunks = DivideIntoChunks(Every(5, 400), 400, {});
  for (const Chunk& chunk : chunks) EXPECT_GE(chunk.num_frames(), 24);
  EXPECT_GE(chunks.size(), 8u);
}

TEST(DivideIntoChunksTest, MakesLongerChunksOfALongVideo) {
  const int kFilm = 100'000;
  const auto chunks = DivideIntoChunks(Every(50, kFilm), kFilm, {});
  EXPECT_GT(chunks.size(), 300u);
  EXPECT_LT(chunks.size(), 500u);
}

TEST(DivideIntoChunksTest, AskedForMoreThanFitMakesWhatFits) {
  for (const int most : {2, 3, 4, 64}) {
    EXPECT_THAT(
        Firsts(DivideIntoChunks(Every(1, 58), 58, {.max_chunks = most})),
        ElementsAre(0, 29));
  }
}

TEST(DivideIntoChunksTest, TakesTheKeyFramesNearestToEqualPartsOfSoMany) {
  EXPECT_THAT(
      Firsts(DivideIntoChunks({0, 90, 160, 200, 310}, 400, {.max_chunks = 2})),
      ElementsAre(0, 200));
  EXPECT_THAT(Firsts(DivideIntoChunks({0, 350}, 400, {.max_chunks = 3})),
              ElementsAre(0, 350));
  for (const int most : {1, 2, 3, 7}) {
    const auto chunks =
        DivideIntoChunks(Every(10, 900), 900, {.max_chunks = most});
    EXPECT_EQ(chunks.size(), static_cast<size_t>(most));
  }
}

TEST(DivideIntoChunksTest, ChunksFollowEachOtherToTheEndOfTheClip) {
  const auto chunks = DivideIntoChunks(Every(37, 3000), 3000, {});
  int next = 0;
  for (const Chunk& chunk : chunks) {
    EXPECT_EQ(chunk.first, next);
    next = chunk.end;
  }
  EXPECT_EQ(next, 3000);
}

TEST(DivideIntoChunksTest, OneLaneCodesOneChunkAtATime) {
  const auto chunks = DivideIntoChunks(Every(64, 5000), 5000, {});
  EXPECT_EQ(NumLanes(chunks), 8);
  for (const Chunk& a : chunks) {
    for (const Chunk& b : chunks) {
      if (a.first == b.first || a.lane != b.lane) continue;
      EXPECT_TRUE(a.start_time + a.num_frames() <= b.start_time ||
                  b.start_time + b.num_frames() <= a.start_time);
    }
  }
}

TEST(DivideIntoChunksTest, NoLaneIsLeftAloneWithALongChunk) {
  const auto chunks =
      DivideIntoChunks({0, 30, 60, 90, 120, 150}, 280, {.max_lanes = 2});
  int64_t end = 0;
  for (const Chunk& chunk : chunks) {
    end = std::max(end, chunk.start_time + chunk.num_frames());
  }
  EXPECT_LE(end, 160);
}

TEST(DivideIntoChunksTest, HasNoMoreLanesThanChunks) {
  EXPECT_EQ(NumLanes(DivideIntoChunks({0, 50, 100}, 150, {})), 3);
  EXPECT_EQ(NumLanes(DivideIntoChunks({0}, 150, {})), 1);
}

}  // namespace
}  // namespace encoder_bridge
