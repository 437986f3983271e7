#include "encoder_bridge/video_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/video_frame.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::StrEq;
using ::testing_support::HasStatus;
using ::testing_support::KeptFrame;
using ::testing_support::MediaFolder;
using ::testing_support::Read;
using ::testing_support::ReadAll;
using ::testing_support::ReadFile;
using ::testing_support::ReadVideo;

struct Container {
  const char* name;
  std::vector<std::string> encoding;
};

void PrintTo(const Container& container, std::ostream* out) {
  *out << container.name;
}

class ContainerTest : public testing::TestWithParam<Container> {
 protected:
  MediaFolder folder_;
};

TEST_P(ContainerTest, GivesEveryFrameOneTickApart) {
  const ReadVideo video = Read(folder_.MakeVideo(GetParam().name, "96x64", "25",
                                                 30, GetParam().encoding));
  EXPECT_EQ(video.frames.size(), 30);
  EXPECT_EQ(video.format().expected_frames, 30);
  EXPECT_EQ(video.format().width, 96);
  EXPECT_EQ(video.format().height, 64);
  EXPECT_EQ(video.format().frame_rate, (Rational{25, 1}));
  EXPECT_EQ(video.format().time_base, (Rational{1, 25}));
  for (size_t i = 0; i < video.frames.size(); ++i) {
    EXPECT_EQ(video.frames[i].pts, i);
    EXPECT_EQ(video.frames[i].duration, 1);
  }
  EXPECT_THAT(video.notes(), IsEmpty());
}

TEST_P(ContainerTest, GivesTheFramesThatFfmpegDecodes) {
  const std::string path = folder_.MakeVideo(GetParam().name, "96x64", "25", 30,
                                             GetParam().encoding);
  const std::string raw = folder_.Make(
      "raw.yuv", {"-i", path, "-fps_mode", "passthrough", "-f", "rawvideo"});
  std::string bytes;
  for (const KeptFrame& frame : Read(path).frames) bytes += frame.bytes;
  EXPECT_TRUE(bytes == ReadFile(raw));
}

TEST_P(ContainerTest, GivesTheSameFramesAfterRewind) {
  ReadVideo video = Read(folder_.MakeVideo(GetParam().name, "96x64", "25", 30,
                                           GetParam().encoding));
  ASSERT_TRUE(video.reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*video.reader) == video.frames);
}

TEST_P(ContainerTest, GivesTheSameFramesFromTheMiddle) {
  std::vector<std::string> encoding = GetParam().encoding;
  encoding.insert(encoding.end(), {"-g", "8"});
  ReadVideo video =
      Read(folder_.MakeVideo(GetParam().name, "96x64", "25", 30, encoding));
  for (const int first : {21, 1, 13, 29}) {
    SCOPED_TRACE(first);
    const absl::Status status = video.reader->StartAt(first, first);
    if (status.ok()) {
      EXPECT_TRUE(ReadAll(*video.reader) ==
                  std::vector<KeptFrame>(video.frames.begin() + first,
                                         video.frames.end()));
    } else {
      // Nothing in such a file tells when each frame is shown.
      EXPECT_THAT(GetParam().name,
                  AnyOf(StrEq("h264.h264"), StrEq("h264.avi"),
                        StrEq("mpeg4.avi"), StrEq("mpeg2.mpg")))
          << status;
    }
  }
  ASSERT_TRUE(video.reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*video.reader) == video.frames);
}

const std::vector<std::string> kH264 = {"-c:v", "libx264",  "-bf",
                                        "2",    "-pix_fmt", "yuv420p"};

INSTANTIATE_TEST_SUITE_P(
    Containers, ContainerTest,
    testing::Values(
        Container{"h264.mp4", kH264}, Container{"h264.mkv", kH264},
        Container{"h264.mov", kH264}, Container{"h264.ts", kH264},
        Container{"h264.avi", kH264}, Container{"h264.h264", kH264},
        Container{"mpeg4.avi", {"-c:v", "mpeg4", "-bf", "2"}},
        Container{"theora.ogv", {"-c:v", "libtheora"}},
        Container{"raw.y4m", {"-pix_fmt", "yuv420p"}},
        Container{"mpeg2.mpg", {"-c:v", "mpeg2video", "-bf", "2"}},
        Container{"mpeg2.ts", {"-c:v", "mpeg2video", "-bf", "2"}},
        Container{"vp8.webm", {"-c:v", "libvpx", "-auto-alt-ref", "1"}},
        Container{"vp9.webm", {"-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p"}}),
    [](const testing::TestParamInfo<Container>& row) {
      std::string name = row.param.name;
      name[name.find('.')] = '_';
      return name;
    });

class VideoReaderTest : public testing::Test {
 protected:
  std::string MakeClip(int frames = 50) const {
    return folder_.MakeVideo("clip.mp4", "96x64", "25", frames, kH264);
  }
  // The frames of MakeClip() that `options` leave.
  std::vector<KeptFrame> FramesWith(const VideoReaderOptions& options) const {
    const ReadVideo video = Read(MakeClip(), options);
    EXPECT_EQ(video.format().expected_frames, video.frames.size());
    return video.frames;
  }

  MediaFolder folder_;
};

TEST_F(VideoReaderTest, DecodesWithSeveralThreadsWhatItDecodesWithOne) {
  EXPECT_TRUE(FramesWith({.decoder_threads = 4}) == FramesWith({}));
}

TEST_F(VideoReaderTest, RewindsInMidStream) {
  const std::string path = MakeClip();
  auto reader = VideoReader::Open(path, {}).value();
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(reader->Next().ok());
  ASSERT_TRUE(reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*reader) == Read(path).frames);
}

TEST_F(VideoReaderTest, StaysAtTheEnd) {
  ReadVideo video = Read(MakeClip(/*frames=*/2));
  EXPECT_EQ(video.reader->Next().value(), nullptr);
  EXPECT_EQ(video.reader->Next().value(), nullptr);
}

TEST_F(VideoReaderTest, ReadsAVideoOfOneFrame) {
  const ReadVideo video = Read(MakeClip(/*frames=*/1));
  ASSERT_EQ(video.frames.size(), 1);
  EXPECT_EQ(video.frames[0].pts, 0);
  EXPECT_EQ(video.frames[0].duration, 1);
  EXPECT_EQ(video.format().expected_frames, 1);
}

TEST_F(VideoReaderTest, ReadsAStillPictureAsOneFrame) {
  const ReadVideo video =
      Read(folder_.MakeVideo("still.png", "96x64", "25", 1));
  EXPECT_EQ(video.frames.size(), 1);
}

TEST_F(VideoReaderTest, StartsWithTheFrameShownAtStart) {
  const std::vector<KeptFrame> all = FramesWith({});
  const std::vector<KeptFrame> late = FramesWith({.start_seconds = 0.6});
  ASSERT_EQ(late.size(), 50 - 15);
  EXPECT_EQ(late[0].bytes, all[15].bytes);
  EXPECT_EQ(late[0].pts, 0);
}

TEST_F(VideoReaderTest, SkipsAFrameShownBeforeStart) {
  EXPECT_EQ(FramesWith({.start_seconds = 0.601}).size(), 50 - 16);
}

TEST_F(VideoReaderTest, StopsAfterDuration) {
  EXPECT_EQ(FramesWith({.start_seconds = 0.4, .duration_seconds = 0.2}).size(),
            5);
  EXPECT_EQ(FramesWith({.duration_seconds = 100}).size(), 50);
  EXPECT_EQ(FramesWith({.duration_seconds = 0.001}).size(), 1);
}

TEST_F(VideoReaderTest, StopsAfterTheFrameLimit) {
  EXPECT_EQ(FramesWith({.max_frames = 7}).size(), 7);
  EXPECT_EQ(FramesWith({.max_frames = 1000}).size(), 50);
}

TEST_F(VideoReaderTest, AppliesItsLimitsAgainAfterRewind) {
  ReadVideo video = Read(MakeClip(), {.start_seconds = 0.4, .max_frames = 7});
  ASSERT_TRUE(video.reader->Rewind().ok());
  EXPECT_TRUE(ReadAll(*video.reader) == video.frames);
}

TEST_F(VideoReaderTest, RefusesAStartWithNothingLeftAfter) {
  EXPECT_THAT(VideoReader::Open(MakeClip(), {.start_seconds = 2}),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "clip.mp4: nothing is left after start 2 s: the video "
                        "ends at 2 s"));
}

TEST_F(VideoReaderTest, RefusesOptionsThatMakeNoSense) {
  const std::string path = MakeClip(/*frames=*/1);
  for (const VideoReaderOptions& options :
       {VideoReaderOptions{.width = -1}, VideoReaderOptions{.height = 65536},
        VideoReaderOptions{.start_seconds = -1},
        VideoReaderOptions{.start_seconds = NAN},
        VideoReaderOptions{.duration_seconds = 0},
        VideoReaderOptions{.max_frames = 0},
        VideoReaderOptions{.decoder_threads = -1}}) {
    EXPECT_THAT(VideoReader::Open(path, options),
                HasStatus(absl::StatusCode::kInvalidArgument, ""));
  }
}

TEST_F(VideoReaderTest, ScalesToAHeightInProportion) {
  const ReadVideo video = Read(MakeClip(), {.height = 32});
  EXPECT_EQ(video.frames[0].width, 48);
  EXPECT_EQ(video.frames[0].height, 32);
  EXPECT_EQ(video.format().width, 48);
  EXPECT_EQ(video.format().height, 32);
  EXPECT_EQ(video.format().sample_aspect_ratio, (Rational{1, 1}));
  EXPECT_EQ(video.frames.size(), 50);
}

TEST_F(VideoReaderTest, KeepsTheDisplayShapeWhenScalingToASize) {
  const std::string path = folder_.MakeVideo(
      "wide.mp4", "96x64", "25", 1,
      {"-vf", "setsar=4/3", "-c:v", "libx264", "-pix_fmt", "yuv420p"});
  EXPECT_EQ(Read(path).format().sample_aspect_ratio, (Rational{4, 3}));
  EXPECT_EQ(
      Read(path, {.width = 64, .height = 64}).format().sample_aspect_ratio,
      (Rational{2, 1}));
}

TEST_F(VideoReaderTest, ScalesUpOnlyIfAllowed) {
  const std::string path = MakeClip(/*frames=*/1);
  EXPECT_EQ(Read(path, {.height = 128}).frames[0].width, 192);
  EXPECT_EQ(Read(path, {.height = 128, .only_shrink = true}).frames[0].width,
            96);
}

TEST_F(VideoReaderTest, ScalesToOnePixel) {
  const ReadVideo video = Read(MakeClip(), {.width = 1, .height = 1});
  EXPECT_EQ(video.frames.size(), 50);
  EXPECT_EQ(video.frames[0].bytes.size(), 3);
}

}  // namespace
}  // namespace encoder_bridge
