#include "encoder_bridge/pending_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/test_folder.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::TestFolder;

class PendingFileTest : public testing::Test {
 protected:
  std::string PathOf(const char* name) { return folder_.PathOf(name); }
  static std::string Contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  int NumFiles() {
    int count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_.path())) {
      count += entry.exists() ? 1 : 0;
    }
    return count;
  }

  const TestFolder folder_;
};

TEST_F(PendingFileTest, HasItsNameOnlyOnceCommitted) {
  const std::string path = PathOf("a.txt");
  auto file = PendingFile::Create(path).value();
  ASSERT_THAT(file->Write("hello"), IsOk());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::exists(PendingFile::TemporaryPath(path)));
  ASSERT_THAT(file->Commit(), IsOk());
  EXPECT_EQ(Contents(path), "hello");
  EXPECT_EQ(NumFiles(), 1);
}

TEST_F(PendingFileTest, LeavesNothingBehindWhenNotCommitted) {
  {
    auto file = PendingFile::Create(PathOf("a.txt")).value();
    ASSERT_THAT(file->Write("hello"), IsOk());
  }
  EXPECT_EQ(NumFiles(), 0);
}

TEST_F(PendingFileTest, KeepsTheOldFileUntilTheNewOneIsComplete) {
  const std::string path = PathOf("a.txt");
  std::ofstream(path) << "old";
  { auto file = PendingFile::Create(path).value(); }
  EXPECT_EQ(Contents(path), "old");
  auto file = PendingFile::Create(path).value();
  ASSERT_THAT(file->Write("new"), IsOk());
  ASSERT_THAT(file->Commit(), IsOk());
  EXPECT_EQ(Contents(path), "new");
}

TEST_F(PendingFileTest, CanGoBackAndOverwrite) {
  auto file = PendingFile::Create(PathOf("a.txt")).value();
  ASSERT_THAT(file->Write("hello"), IsOk());
  ASSERT_THAT(file->SeekTo(0), IsOk());
  ASSERT_THAT(file->Write("J"), IsOk());
  ASSERT_THAT(file->Commit(), IsOk());
  EXPECT_EQ(Contents(PathOf("a.txt")), "Jello");
}

TEST_F(PendingFileTest, SaysWhyAPlaceCannotBeWritten) {
  EXPECT_THAT(PendingFile::Create(PathOf("none/a.txt")),
              HasStatus(absl::StatusCode::kNotFound, "there is no folder"));
  EXPECT_THAT(
      PendingFile::Create(folder_.path()),
      HasStatus(absl::StatusCode::kFailedPrecondition, "it is a folder"));
  EXPECT_THAT(
      PendingFile::Create("/dev/null"),
      HasStatus(absl::StatusCode::kFailedPrecondition, "not a regular file"));
}

TEST_F(PendingFileTest, ReportsAFullPlace) {
  // A limit on the file size stands in for a full disk.
  rlimit old_limit = {};
  getrlimit(RLIMIT_FSIZE, &old_limit);
  rlimit limit = old_limit;
  limit.rlim_cur = 10;
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  auto file = PendingFile::Create(PathOf("a.txt")).value();
  const absl::Status status = file->Write(std::string(100, 'x'));
  file.reset();
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, old_handler);
  EXPECT_THAT(status, HasStatus(absl::StatusCode::kResourceExhausted, "a.txt"));
  EXPECT_EQ(NumFiles(), 0);
}

}  // namespace
}  // namespace encoder_bridge
