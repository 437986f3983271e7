#include "muzero/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

// An empty folder that is gone after the test.
class WholeFileTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const {
    return absl::StrCat(folder_, "/", name);
  }
  int NumFiles() const {
    int count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(folder_)) {
      ++count;
    }
    return count;
  }

  const std::string folder_ = absl::StrCat(
      testing::TempDir(), "/whole_file_",
      testing::UnitTest::GetInstance()->current_test_info()->name());
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
  EXPECT_THAT(ReadWholeFile(folder_, 9),
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
