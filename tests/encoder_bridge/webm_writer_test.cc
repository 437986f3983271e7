#include "encoder_bridge/webm_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::SyntheticClip;

class WebmWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / "out.webm").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Encodes a clip into a file.
  absl::Status WriteClip(SyntheticClip& clip) {
    const ProgressFn ignore = [](const EncodeProgress&) {
      return absl::OkStatus();
    };
    const auto first = RunFirstPass(clip, {.cpu_used = 8}, ignore);
    if (!first.ok()) return first.status();
    const auto writer = WebmWriter::Create(path_, clip.format());
    if (!writer.ok()) return writer.status();
    const auto result =
        RunSecondPass(clip, {.cpu_used = 8}, *first,
                      {.target_bitrate_kbps = 100}, **writer, ignore);
    if (!result.ok()) return result.status();
    return (*writer)->Commit();
  }

  bool IsFolderEmpty() { return std::filesystem::is_empty(folder_); }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(WebmWriterTest, KeepsTimestampsSizeAndColour) {
  const ColorInfo color = {.matrix = 9, .primaries = 9, .transfer = 16};
  SyntheticClip clip({.num_frames = 10,
                      .frame_rate = {30000, 1001},
                      .sample_aspect_ratio = {4, 3},
                      .color = color});
  ASSERT_THAT(WriteClip(clip), IsOk());
  const auto reader = VideoReader::Open(path_, {});
  ASSERT_THAT(reader, IsOk());
  const VideoFormat& read = (*reader)->format();
  EXPECT_EQ(read.width, 96);
  EXPECT_EQ(read.height, 64);
  EXPECT_EQ(read.frame_rate, (Rational{30000, 1001}));
  EXPECT_EQ(read.sample_aspect_ratio, (Rational{4, 3}));
  EXPECT_EQ(read.color, color);
  EXPECT_EQ(read.expected_frames, 10);
}

TEST_F(WebmWriterTest, HasNoFileUntilItIsComplete) {
  {
    const auto writer =
        WebmWriter::Create(path_, VideoFormat{.width = 16, .height = 16});
    ASSERT_THAT(writer, IsOk());
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_TRUE(std::filesystem::exists(PendingFile::TemporaryPath(path_)));
  }
  EXPECT_TRUE(IsFolderEmpty()) << "the unfinished file is removed";
}

TEST_F(WebmWriterTest, SaysWhyAPlaceCannotBeWritten) {
  EXPECT_THAT(WebmWriter::Create((folder_ / "no/a.webm").string(), {}),
              HasStatus(absl::StatusCode::kNotFound, "there is no folder"));
  EXPECT_THAT(
      WebmWriter::Create(folder_.string(), {}),
      HasStatus(absl::StatusCode::kFailedPrecondition, "it is a folder"));
  EXPECT_TRUE(IsFolderEmpty());
}

}  // namespace
}  // namespace encoder_bridge
