#include "encoder_bridge/media_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/testing/ffmpeg_tool.h"

namespace encoder_bridge {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr int64_t kSecond = 1'000'000'000;

Chapter ChapterOf(int64_t start_seconds, int64_t end_seconds) {
  return {.start_ns = start_seconds * kSecond, .end_ns = end_seconds * kSecond};
}

TEST(CutChaptersTest, ShiftsThemToTheOrigin) {
  EXPECT_THAT(CutChapters({ChapterOf(5, 9), ChapterOf(9, 12)}, 5, std::nullopt),
              ElementsAre(ChapterOf(0, 4), ChapterOf(4, 7)));
}

TEST(CutChaptersTest, CutsThoseThatBeginBeforeOrEndAfter) {
  EXPECT_THAT(CutChapters({ChapterOf(0, 9), ChapterOf(9, 20)}, 5, 10.0),
              ElementsAre(ChapterOf(0, 4), ChapterOf(4, 10)));
}

TEST(CutChaptersTest, LeavesOutThoseOutside) {
  EXPECT_THAT(CutChapters({ChapterOf(0, 5), ChapterOf(15, 20)}, 5, 10.0),
              IsEmpty());
}

TEST(CutChaptersTest, KeepsMarksWithoutALength) {
  EXPECT_THAT(CutChapters({ChapterOf(4, 4), ChapterOf(6, 6)}, 5, 10.0),
              ElementsAre(ChapterOf(1, 1)));
}

TEST(ReadMediaTagsTest, ReadsTitleLanguageAndChaptersButNotTheWriter) {
  const testing_support::MediaFolder folder;
  const std::string marks =
      folder.Write("marks",
                   ";FFMETADATA1\ntitle=Whole\n[CHAPTER]\n"
                   "TIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=Part\n");
  const std::string video = folder.Make(
      "in.mkv", {"-f", "lavfi", "-i", "testsrc2=s=32x32:d=0.4", "-i", marks,
                 "-map_metadata", "1", "-metadata:s:v", "language=ger"});
  const auto tags = ReadMediaTags(video);
  ASSERT_TRUE(tags.ok()) << tags.status();
  EXPECT_THAT(tags->tags, ElementsAre(Pair("title", "Whole")));
  EXPECT_EQ(LanguageOf(tags->video), "ger");
  ASSERT_EQ(tags->chapters.size(), 1);
  EXPECT_EQ(tags->chapters[0].end_ns, kSecond / 5);
  EXPECT_THAT(tags->chapters[0].tags, Contains(Pair("title", "Part")));
}

}  // namespace
}  // namespace encoder_bridge
