#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"

namespace encoder_bridge {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing_support::MediaFolder;
using ::testing_support::Read;
using ::testing_support::ReadAll;
using ::testing_support::ReadFile;
using ::testing_support::ReadVideo;

const std::vector<std::string> kFaststart = {
    "-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"};

class VideoReaderDamageTest : public testing::Test {
 protected:
  // The first `share` of a video of 150 frames.
  std::string MakeCut(const std::string& name, double share,
                      const std::vector<std::string>& encoding = {}) const {
    const std::string whole = ReadFile(
        folder_.MakeVideo("whole_" + name, "96x64", "30", 150, encoding));
    const double bytes = share * static_cast<double>(whole.size());
    return folder_.Write(name, whole.substr(0, static_cast<size_t>(bytes)));
  }

  MediaFolder folder_;
};

std::string CountOf150(const ReadVideo& video) {
  return absl::StrCat("input is damaged or cut short: ", video.frames.size(),
                      " of 150 frames decoded");
}

TEST_F(VideoReaderDamageTest, GivesWhatDecodesOfATruncatedMp4) {
  const ReadVideo video = Read(MakeCut("cut.mp4", 0.5, kFaststart));
  EXPECT_THAT(video.frames.size(), AllOf(Gt(30), Lt(120)));
  EXPECT_THAT(video.notes(), ElementsAre(CountOf150(video)));
}

TEST_F(VideoReaderDamageTest, GivesWhatDecodesOfATruncatedWebm) {
  const ReadVideo video = Read(MakeCut("cut.webm", 0.5, {"-c:v", "libvpx"}));
  EXPECT_THAT(video.frames.size(), AllOf(Gt(30), Lt(120)));
  EXPECT_THAT(video.notes(), ElementsAre(CountOf150(video)));
}

TEST_F(VideoReaderDamageTest, NoticesThatY4mEndsWithinAFrame) {
  const std::vector<std::string> as_is = {"-pix_fmt", "yuv420p"};
  EXPECT_THAT(Read(MakeCut("whole.y4m", 1, as_is)).notes(), IsEmpty());
  const ReadVideo video = Read(MakeCut("cut.y4m", 0.5, as_is));
  EXPECT_THAT(video.frames.size(), AllOf(Gt(70), Lt(76)));
  EXPECT_THAT(video.notes(),
              ElementsAre(absl::StrCat(
                  "input is damaged or cut short: ", video.frames.size(),
                  " of ", video.frames.size() + 1, " frames decoded")));
}

TEST_F(VideoReaderDamageTest, NoticesThatTheLastFewFramesAreMissing) {
  const ReadVideo video = Read(MakeCut("cut.webm", 0.97, {"-c:v", "libvpx"}));
  EXPECT_THAT(video.frames.size(), AllOf(Gt(130), Lt(150)));
  EXPECT_THAT(video.notes(), ElementsAre(CountOf150(video)));
}

TEST_F(VideoReaderDamageTest, SaysSoOnceAndRepeatsTheFrames) {
  ReadVideo video = Read(MakeCut("cut.mp4", 0.5, kFaststart));
  ASSERT_TRUE(video.reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*video.reader) == video.frames);
  EXPECT_EQ(video.notes().size(), 1);
}

TEST_F(VideoReaderDamageTest, SaysNothingIfTheDamageIsBeyondTheLimit) {
  const std::string path = MakeCut("cut.webm", 0.5, {"-c:v", "libvpx"});
  EXPECT_THAT(Read(path, {.max_frames = 10}).notes(), IsEmpty());
}

TEST_F(VideoReaderDamageTest, DoesNotMistakeALongerSoundtrackForDamage) {
  for (const char* name : {"long.mp4", "long.webm", "long.avi", "long.mkv"}) {
    const std::string path =
        folder_.Make(name, {"-f", "lavfi", "-i", "testsrc2=s=96x64:r=30:d=1",
                            "-f", "lavfi", "-i", "sine=d=3"});
    const ReadVideo video = Read(path);
    EXPECT_EQ(video.frames.size(), 30) << name;
    EXPECT_FALSE(testing::Value(
        video.notes(), testing::Contains(testing::HasSubstr("damaged"))))
        << name;
  }
}

TEST_F(VideoReaderDamageTest, GoesOnAfterDamageInMidStream) {
  std::string bytes = ReadFile(
      folder_.MakeVideo("whole.ts", "96x64", "30", 150, {"-c:v", "libx264"}));
  for (size_t i = bytes.size() / 3; i < bytes.size() / 2; i += 997) {
    bytes[i] = static_cast<char>(~bytes[i]);
  }
  const ReadVideo video = Read(folder_.Write("damaged.ts", bytes));
  EXPECT_GT(video.frames.size(), 100);
  EXPECT_THAT(video.notes(), testing::Contains(testing::HasSubstr("damaged")));
}

}  // namespace
}  // namespace encoder_bridge
