#include "encoder_bridge/media_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::MediaFolder;
using ::testing_support::ReadFile;

// 30 frames at 25 a second, with as much sound.
const MediaContents kContents = {.frames = 30,
                                 .last_frame_seconds = 1.16,
                                 .end_seconds = 1.2,
                                 .audio = {{.end_seconds = 1.2}}};

class MediaCheckTest : public testing::Test {
 protected:
  std::string MakeFile(const std::string& name) const {
    return folder_.Make(
        name, {"-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=1.2", "-f",
               "lavfi", "-i", "sine=d=1.2:r=48000", "-c:v", "libvpx-vp9",
               "-cpu-used", "8", "-deadline", "realtime", "-c:a", "libopus",
               "-avoid_negative_ts", "disabled"});
  }

  static absl::Status Check(const std::string& path,
                            const MediaContents& wanted = kContents) {
    return CheckMediaFile(path, wanted, [] { return absl::OkStatus(); });
  }

  const MediaFolder folder_;
};

TEST_F(MediaCheckTest, FindsWhatIsThere) {
  for (const char* name : {"a.webm", "a.mkv", "a.mp4"}) {
    EXPECT_THAT(Check(MakeFile(name)), IsOk()) << name;
  }
}

TEST_F(MediaCheckTest, SeesThatFramesAreMissing) {
  MediaContents more = kContents;
  more.frames = 31;
  EXPECT_THAT(Check(MakeFile("a.webm"), more),
              HasStatus(absl::StatusCode::kDataLoss, "30 of 31 frames decode"));
}

TEST_F(MediaCheckTest, SeesThatAFileIsCutShort) {
  const std::string whole = ReadFile(MakeFile("a.webm"));
  for (const size_t eighths : {7, 6, 4}) {
    const std::string cut =
        folder_.Write("cut.webm", whole.substr(0, whole.size() * eighths / 8));
    EXPECT_THAT(Check(cut),
                HasStatus(absl::StatusCode::kDataLoss, "of 30 frames decode"));
  }
}

TEST_F(MediaCheckTest, SeesThatAFrameIsDamaged) {
  std::string bytes = ReadFile(MakeFile("a.mp4"));
  const size_t frames = bytes.find("mdat") + 4;
  ASSERT_LT(frames + 1000, bytes.size());
  bytes.replace(frames + 100, 800, 800, '\xff');
  EXPECT_THAT(Check(folder_.Write("damaged.mp4", bytes)),
              HasStatus(absl::StatusCode::kDataLoss, ""));
}

TEST_F(MediaCheckTest, SeesThatTimesAreOthers) {
  const std::string file = MakeFile("a.webm");
  MediaContents wanted = kContents;
  wanted.last_frame_seconds = 1.12;
  EXPECT_THAT(Check(file, wanted),
              HasStatus(absl::StatusCode::kDataLoss,
                        "the last frame is shown at 1.16 s, wanted 1.12 s"));
  wanted = kContents;
  wanted.audio[0].end_seconds = 1.1;
  EXPECT_THAT(Check(file, wanted),
              HasStatus(absl::StatusCode::kDataLoss, "audio stream 1 ends at"));
}

TEST_F(MediaCheckTest, SeesThatAFileTellsAnotherDuration) {
  std::string bytes = ReadFile(MakeFile("a.webm"));
  const size_t duration = bytes.find("\x44\x89\x88");  // Element of 8 bytes.
  ASSERT_NE(duration, std::string::npos);
  // 2048 ms, as a big-endian double.
  bytes.replace(duration + 3, 8, std::string("\x40\xa0\0\0\0\0\0\0", 8));
  EXPECT_THAT(Check(folder_.Write("other.webm", bytes)),
              HasStatus(absl::StatusCode::kDataLoss,
                        "it says that it ends at 2.048 s, wanted 1.2 s"));
}

TEST_F(MediaCheckTest, SeesThatAStreamIsMissing) {
  MediaContents silent = kContents;
  silent.audio.clear();
  EXPECT_THAT(
      Check(MakeFile("a.webm"), silent),
      HasStatus(absl::StatusCode::kDataLoss, "it has 2 streams, wanted 1"));
}

TEST_F(MediaCheckTest, EndsWhenItIsTold) {
  EXPECT_THAT(CheckMediaFile(MakeFile("a.webm"), kContents,
                             [] { return absl::CancelledError("told"); }),
              HasStatus(absl::StatusCode::kCancelled, "told"));
}

}  // namespace
}  // namespace encoder_bridge
