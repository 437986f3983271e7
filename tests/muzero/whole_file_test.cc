#include "muzero/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/test_folder.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::TestFolder;

class WholeFileTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const {
    return folder_.PathOf(name);
  }
  int NumFiles() const {
    int count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(folder_.path())) {
      ++count;
    }
    return count;
  }

  const TestFolder folder_;
};

TEST_F(WholeFileTest, ReplacesAFileAndReadsItBack) {
  const std::string bytes("a\0b", 3);
  EXPECT_THAT(WriteWholeFile("older and longer", Path("f")), IsOk());
  EXPECT_THAT(WriteWholeFile(bytes, Path("f")), IsOk());
  EXPECT_EQ(ReadWholeFile(Path("f"), 3).value(), bytes);
  EXPECT_EQ(NumFiles(), 1);
}

TEST_F(WholeFileTest, LeavesNothingBehindWhenItFails) {
  std::filesystem::create_directory(Path("d"));
  EXPECT_THAT(WriteWholeFile("x", Path("d")),
              HasStatus(absl::StatusCode::kInvalidArgument, Path("d")));
  EXPECT_THAT(WriteWholeFile("x", Path("none/f")),
              HasStatus(absl::StatusCode::kNotFound, Path("none/f")));
  EXPECT_EQ(NumFiles(), 1);
}

TEST_F(WholeFileTest, RefusesToReadWhatIsNoFileOrTooLarge) {
  EXPECT_THAT(ReadWholeFile(Path("none"), 9),
              HasStatus(absl::StatusCode::kNotFound, Path("none")));
  EXPECT_THAT(ReadWholeFile(folder_.path(), 9),
              HasStatus(absl::StatusCode::kInvalidArgument, "a folder"));
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(
      ReadWholeFile(Path("pipe"), 9),
      HasStatus(absl::StatusCode::kInvalidArgument, "not a regular file"));
  ASSERT_THAT(WriteWholeFile("1234", Path("f")), IsOk());
  EXPECT_THAT(
      ReadWholeFile(Path("f"), 3),
      HasStatus(absl::StatusCode::kResourceExhausted, "4 bytes, more than 3"));
}

}  // namespace
}  // namespace muzero
