#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;
using ::testing_support::KeptFrame;
using ::testing_support::MediaFolder;
using ::testing_support::Read;
using ::testing_support::ReadAll;
using ::testing_support::ReadVideo;

class VideoReaderTimingTest : public testing::Test {
 protected:
  // Four frames, shown at 0, 40, 120 and 280 ms.
  std::string MakeUneven(const std::string& name) const {
    return folder_.MakeVideo(
        name, "96x64", "25", 4,
        {"-vf", "setpts='(pow(2,N)-1)*0.04/TB'", "-fps_mode", "passthrough",
         "-enc_time_base", "1/1000", "-bf", "0"});
  }

  static std::vector<int64_t> PtsOf(const ReadVideo& video) {
    std::vector<int64_t> pts;
    for (const KeptFrame& frame : video.frames) pts.push_back(frame.pts);
    return pts;
  }

  MediaFolder folder_;
};

TEST_F(VideoReaderTimingTest, FindsTheExactRateInRoundedTimestamps) {
  const struct {
    const char* rate;
    Rational want;
  } kCases[] = {{"30000/1001", {30000, 1001}},
                {"24000/1001", {24000, 1001}},
                {"60000/1001", {60000, 1001}},
                {"30", {30, 1}},
                {"25/2", {25, 2}},
                {"1", {1, 1}},
                {"120", {120, 1}}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rate);
    const ReadVideo video = Read(folder_.MakeVideo("clip.webm", "32x32", c.rate,
                                                   40, {"-c:v", "libvpx"}));
    EXPECT_EQ(video.format().frame_rate, c.want);
    EXPECT_EQ(video.format().time_base, (Rational{c.want.den, c.want.num}));
    EXPECT_EQ(video.frames.back().pts, 39);
    EXPECT_EQ(video.format().expected_frames, 40);
  }
}

TEST_F(VideoReaderTimingTest, GivesASlowVideoATimeBaseThatLibvpxTakes) {
  const ReadVideo video =
      Read(folder_.MakeVideo("slow.y4m", "32x32", "1/3", 3));
  EXPECT_EQ(video.format().frame_rate, (Rational{1, 3}));
  EXPECT_EQ(video.format().time_base, (Rational{1, 1}));
  EXPECT_THAT(PtsOf(video), ElementsAre(0, 3, 6));
  EXPECT_EQ(video.frames[2].duration, 3);
}

TEST_F(VideoReaderTimingTest, KeepsTheTimestampsOfAVariableRate) {
  const ReadVideo video = Read(MakeUneven("uneven.webm"));
  EXPECT_EQ(video.format().time_base, (Rational{1, 1000}));
  EXPECT_THAT(PtsOf(video), ElementsAre(0, 40, 120, 280));
  EXPECT_EQ(video.frames[0].duration, 40);
  EXPECT_EQ(video.frames[2].duration, 160);
  EXPECT_GE(video.frames[3].duration, 1);
  EXPECT_NEAR(video.format().frame_rate.value(), 3 / 0.28, 1e-6);
}

TEST_F(VideoReaderTimingTest, BeginsAVariableRateAtZeroAfterStart) {
  const ReadVideo video =
      Read(MakeUneven("uneven.mkv"), {.start_seconds = 0.1});
  EXPECT_THAT(PtsOf(video), ElementsAre(0, 160));
  EXPECT_EQ(video.format().expected_frames, 2);
}

TEST_F(VideoReaderTimingTest, TimesTheLastFrameReadByTheOneAfterIt) {
  const ReadVideo video =
      Read(MakeUneven("uneven.mkv"), {.duration_seconds = 0.2});
  EXPECT_THAT(PtsOf(video), ElementsAre(0, 40, 120));
  EXPECT_EQ(video.frames[2].duration, 160);
}

TEST_F(VideoReaderTimingTest, RepeatsTheTimestampsOfAVariableRate) {
  ReadVideo video = Read(MakeUneven("uneven.mp4"));
  ASSERT_TRUE(video.reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*video.reader) == video.frames);
}

TEST_F(VideoReaderTimingTest, LeavesAGapWhereACameraDroppedAFrame) {
  const ReadVideo video =
      Read(folder_.MakeVideo("gap.mkv", "96x64", "25", 9,
                             {"-vf", "select='not(eq(n,4))'", "-fps_mode",
                              "passthrough", "-bf", "0"}));
  EXPECT_EQ(video.format().time_base, (Rational{1, 25}));
  EXPECT_THAT(PtsOf(video), ElementsAre(0, 1, 2, 3, 5, 6, 7, 8, 9));
  EXPECT_EQ(video.frames[3].duration, 2);
}

}  // namespace
}  // namespace encoder_bridge
