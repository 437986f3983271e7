#include "encoder_bridge/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::MediaFolder;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class InputFileTest : public testing::Test {
 protected:
  MediaFolder folder_;
};

TEST_F(InputFileTest, AcceptsABinaryFile) {
  EXPECT_THAT(CheckInputFile(folder_.Write("a", std::string("ab\0c", 4))),
              IsOk());
}

TEST_F(InputFileTest, AcceptsTheTextHeaderOfRawVideo) {
  EXPECT_THAT(CheckInputFile(folder_.Write("a", "YUV4MPEG2 W1 H1\nFRAME\nabc")),
              IsOk());
}

TEST_F(InputFileTest, RefusesAMissingFile) {
  for (const char* path : {"", "/no/such/file"}) {
    EXPECT_THAT(CheckInputFile(path),
                HasStatus(absl::StatusCode::kNotFound, ": no such file"));
  }
}

TEST_F(InputFileTest, RefusesADirectory) {
  EXPECT_THAT(CheckInputFile(folder_.PathOf("")),
              HasStatus(kInvalid, "is a directory"));
}

TEST_F(InputFileTest, RefusesALinkToItself) {
  const std::string path = folder_.PathOf("loop");
  std::filesystem::create_symlink(path, path);
  EXPECT_THAT(CheckInputFile(path),
              HasStatus(kInvalid, "Too many levels of symbolic links"));
}

TEST_F(InputFileTest, RefusesAnEmptyFile) {
  EXPECT_THAT(CheckInputFile(folder_.Write("a", "")),
              HasStatus(kInvalid, "is empty"));
}

TEST_F(InputFileTest, RefusesWhatIsNotARegularFileWithoutWaitingForIt) {
  const std::string pipe = folder_.PathOf("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")}) {
    EXPECT_THAT(CheckInputFile(path),
                HasStatus(kInvalid, path + ": is not a regular file"));
  }
}

TEST_F(InputFileTest, RefusesText) {
  for (const char* text : {"hello\n", "gr\xc3\xbc\xc3\x9f\r\n", "\t\x1b[0m"}) {
    EXPECT_THAT(CheckInputFile(folder_.Write("a", text)),
                HasStatus(kInvalid, "is a text file, not a video"));
  }
}

}  // namespace
}  // namespace encoder_bridge
