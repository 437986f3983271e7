#include "selfplay/first_pass_cache.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "muzero/whole_file.h"
#include "selfplay/first_pass_file.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/test_folder.h"

namespace selfplay {
namespace {

using ::encoder_bridge::FirstPassResult;
using ::testing_support::HasStatus;
using ::testing_support::TestFolder;

FirstPassResult SomeFirstPass() {
  return {.stats = std::string("bits\0\nand pieces\xff", 17),
          .width = 356,
          .height = 200,
          .num_frames = 64,
          .duration_seconds = 64 * 1001 / 30000.0,
          .min_q_index = 3,
          .seconds = 0.1};
}

TEST(FirstPassFileTest, ReadsWhatItWrote) {
  const FirstPassResult want = SomeFirstPass();
  const auto read =
      ParseFirstPass(SerializeFirstPass(want, "a\nclip"), "a\nclip");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->stats, want.stats);
  EXPECT_EQ(read->width, want.width);
  EXPECT_EQ(read->height, want.height);
  EXPECT_EQ(read->num_frames, want.num_frames);
  EXPECT_EQ(read->duration_seconds, want.duration_seconds);
  EXPECT_EQ(read->min_q_index, want.min_q_index);
}

TEST(FirstPassFileTest, RefusesEveryDamagedByte) {
  const std::string bytes = SerializeFirstPass(SomeFirstPass(), "clip");
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_THAT(ParseFirstPass(damaged, "clip"),
                HasStatus(absl::StatusCode::kDataLoss, ""))
        << i;
    EXPECT_FALSE(ParseFirstPass(bytes.substr(0, i), "clip").ok()) << i;
  }
}

TEST(FirstPassFileTest, RefusesTheFileOfAnotherClip) {
  EXPECT_FALSE(
      ParseFirstPass(SerializeFirstPass(SomeFirstPass(), "a"), "b").ok());
}

class FirstPassCacheTest : public testing::Test {
 protected:
  FirstPassCache NewCache() const {
    return FirstPassCache({.folder = folder_.path()});
  }
  // Whether `cache` had to make the first pass of "clip".
  static bool HasToMake(FirstPassCache& cache) {
    bool made = false;
    const auto result =
        cache.Get("clip", [&made]() -> absl::StatusOr<FirstPassResult> {
          made = true;
          return SomeFirstPass();
        });
    EXPECT_TRUE(result.ok() && (*result)->stats == SomeFirstPass().stats);
    return made;
  }

  const TestFolder folder_;
};

TEST_F(FirstPassCacheTest, MakesAFirstPassOnce) {
  FirstPassCache cache = NewCache();
  EXPECT_TRUE(HasToMake(cache));
  EXPECT_FALSE(HasToMake(cache));
}

TEST_F(FirstPassCacheTest, OutlivesTheProcess) {
  {
    FirstPassCache cache = NewCache();
    HasToMake(cache);
  }
  FirstPassCache next = NewCache();
  EXPECT_FALSE(HasToMake(next));
}

TEST_F(FirstPassCacheTest, MakesADamagedFileAgain) {
  FirstPassCache cache = NewCache();
  HasToMake(cache);
  const std::string file = cache.FileOf("clip");
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  FirstPassCache next = NewCache();
  EXPECT_TRUE(HasToMake(next));
  FirstPassCache third = NewCache();
  EXPECT_FALSE(HasToMake(third));
}

TEST_F(FirstPassCacheTest, LeavesNothingBesideItsFiles) {
  FirstPassCache cache = NewCache();
  HasToMake(cache);
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path(), cache.FileOf("clip"));
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST_F(FirstPassCacheTest, MakesItsFolder) {
  FirstPassCache cache({.folder = folder_.PathOf("some/where")});
  HasToMake(cache);
  EXPECT_TRUE(std::filesystem::exists(cache.FileOf("clip")));
}

TEST_F(FirstPassCacheTest, GoesOnWithoutAFolderToWriteTo) {
  const std::filesystem::path file = folder_.PathOf("file");
  std::ofstream(file) << "no folder";
  FirstPassCache nowhere({.folder = file.string()});
  EXPECT_TRUE(HasToMake(nowhere));
  EXPECT_FALSE(HasToMake(nowhere));
  FirstPassCache memory_only({});
  EXPECT_TRUE(HasToMake(memory_only));
}

TEST_F(FirstPassCacheTest, PassesOnErrors) {
  FirstPassCache cache = NewCache();
  EXPECT_THAT(cache.Get("clip",
                        []() -> absl::StatusOr<FirstPassResult> {
                          return absl::CancelledError("interrupted");
                        }),
              HasStatus(absl::StatusCode::kCancelled, "interrupted"));
}

}  // namespace
}  // namespace selfplay
