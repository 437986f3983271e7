#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "encoder_bridge/hdr_metadata.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"

namespace encoder_bridge {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing_support::KeptFrame;
using ::testing_support::MediaFolder;
using ::testing_support::Read;
using ::testing_support::ReadAll;
using ::testing_support::ReadFile;
using ::testing_support::ReadVideo;

class VideoReaderPictureTest : public testing::Test {
 protected:
  // Three frames of one colour in a lossless format.
  std::string MakePlain(const std::string& color, const std::string& size,
                        const std::string& pixel_format) const {
    return folder_.Make(
        "plain.nut",
        {"-f", "lavfi", "-i",
         "color=" + color + ":s=" + size + ":r=25,format=rgb24", "-vf",
         "scale=flags=full_chroma_inp,format=" + pixel_format, "-frames:v", "3",
         "-c:v", "rawvideo"});
  }
  std::string MakeWithFormat(const std::string& pixel_format) const {
    return folder_.MakeVideo(
        "format.mkv", "96x64", "25", 3,
        {"-vf", "format=" + pixel_format, "-c:v", "ffv1", "-level", "3"});
  }
  // 96x64; the upper left quarter is white, the rest black.
  std::string MakeCorner(const std::string& name,
                         const std::string& degrees) const {
    const std::string upright = folder_.Make(
        "upright.mp4",
        {"-f", "lavfi", "-i",
         "color=black:s=96x64:r=25,drawbox=w=48:h=32:c=white:t=fill",
         "-frames:v", "2", "-c:v", "mpeg4", "-q:v", "2"});
    return folder_.Make(name, {"-i", upright, "-c", "copy", "-metadata:s:v:0",
                               "rotate=" + degrees});
  }
  // Ten frames of 96x64, then ten of 128x96, whose timestamps start again.
  std::string MakeOfTwoSizes(const std::string& encoder) const {
    std::string bytes;
    for (const char* size : {"96x64", "128x96"}) {
      bytes += ReadFile(
          folder_.MakeVideo("part.ts", size, "25", 10, {"-c:v", encoder}));
    }
    return folder_.Write("both.ts", bytes);
  }

  MediaFolder folder_;
};

// A picture of one colour, as raw bytes.
std::string PlainPicture(int width, int height, char y, char u, char v) {
  const int chroma = ((width + 1) / 2) * ((height + 1) / 2);
  return std::string(static_cast<size_t>(width * height), y) +
         std::string(static_cast<size_t>(chroma), u) +
         std::string(static_cast<size_t>(chroma), v);
}

TEST_F(VideoReaderPictureTest, SaysWhatAConversionLoses) {
  const struct {
    const char* pixel_format;
    const char* want;
  } kCases[] = {
      {"yuv420p10le",
       "10-bit yuv420p10le converted to 8-bit 4:2:0: bits are lost"},
      {"yuv444p", "yuv444p converted to 4:2:0: chroma resolution is lost"},
      {"yuv422p10le",
       "10-bit yuv422p10le converted to 8-bit 4:2:0: bits and chroma "
       "resolution are lost"},
      {"bgr0", "bgr0 converted to 8-bit 4:2:0"},
      {"gray", "gray converted to 4:2:0"},
      {"yuva420p", "yuva420p converted to 4:2:0: transparency is lost"},
  };
  for (const auto& c : kCases) {
    ReadVideo video = Read(MakeWithFormat(c.pixel_format));
    ASSERT_TRUE(video.reader->Rewind().ok());
    EXPECT_EQ(ReadAll(*video.reader), video.frames) << c.pixel_format;
    EXPECT_EQ(video.frames.size(), 3) << c.pixel_format;
    EXPECT_THAT(video.notes(), ElementsAre(c.want));
  }
}

TEST_F(VideoReaderPictureTest, SaysWhatAConversionToTenBitsLoses) {
  const struct {
    const char* pixel_format;
    const char* want;
  } kCases[] = {
      {"yuv420p12le",
       "12-bit yuv420p12le converted to 10-bit 4:2:0: bits are lost"},
      {"yuv422p10le",
       "yuv422p10le converted to 4:2:0: chroma resolution is lost"},
      {"yuv444p12le",
       "12-bit yuv444p12le converted to 10-bit 4:2:0: bits and chroma "
       "resolution are lost"},
      {"gbrp10le", "gbrp10le converted to 10-bit 4:2:0"},
      {"gray10le", "gray10le converted to 4:2:0"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.pixel_format);
    const ReadVideo video =
        Read(MakeWithFormat(c.pixel_format), {.bit_depth = std::nullopt});
    EXPECT_EQ(video.format().bit_depth, 10);
    EXPECT_EQ(video.frames.size(), 3);
    EXPECT_THAT(video.notes(), ElementsAre(c.want));
  }
}

TEST_F(VideoReaderPictureTest, PassesTenBitsUntouched) {
  const std::string path = MakeWithFormat("yuv420p10le");
  const ReadVideo video = Read(path, {.bit_depth = std::nullopt});
  EXPECT_EQ(video.format().bit_depth, 10);
  EXPECT_THAT(video.notes(), IsEmpty());
  const std::string raw =
      folder_.Make("raw.yuv", {"-i", path, "-f", "rawvideo"});
  ASSERT_EQ(video.frames.size(), 3);
  EXPECT_TRUE(video.frames[0].bytes + video.frames[1].bytes +
                  video.frames[2].bytes ==
              ReadFile(raw));
}

TEST_F(VideoReaderPictureTest, LeavesEightBitsAtEight) {
  const std::string path = MakeWithFormat("yuv444p");
  const ReadVideo video = Read(path, {.bit_depth = std::nullopt});
  EXPECT_EQ(video.format().bit_depth, 8);
  EXPECT_EQ(video.frames, Read(path).frames);
}

TEST_F(VideoReaderPictureTest, WidensEightBitsWhereThatIsAskedFor) {
  const ReadVideo video =
      Read(MakePlain("white", "16x16", "yuv420p"), {.bit_depth = 10});
  EXPECT_EQ(video.format().bit_depth, 10);
  EXPECT_EQ(video.frames[0].luma(8, 8), 4 * 235);
}

TEST_F(VideoReaderPictureTest, ScalesAndTurnsTenBits) {
  const std::string upright = MakeWithFormat("yuv420p10le");
  const ReadVideo video =
      Read(upright, {.height = 32, .bit_depth = std::nullopt});
  EXPECT_EQ(video.format().width, 48);
  EXPECT_EQ(video.format().bit_depth, 10);
  EXPECT_EQ(video.frames[0].bytes.size(), size_t{2 * 48 * 32 * 3 / 2});
}

// Raw video holds whatever was written into it.
TEST_F(VideoReaderPictureTest, KeepsSamplesWithinTheirBits) {
  std::string y4m = "YUV4MPEG2 W16 H16 F25:1 Ip A1:1 C420p10 XYSCSS=420P10\n";
  y4m += "FRAME\n" + std::string(size_t{16 * 16 * 2 * 3 / 2}, '\xff');
  const ReadVideo video =
      Read(folder_.Write("loud.y4m", y4m), {.bit_depth = std::nullopt});
  ASSERT_EQ(video.frames.size(), 1);
  EXPECT_EQ(video.frames[0].luma(0, 0), 1023);
  EXPECT_EQ(video.frames[0].luma(15, 15), 1023);
}

TEST_F(VideoReaderPictureTest, FindsHdrMetadataInTheCodedVideo) {
  const std::string path = folder_.MakeVideo(
      "hdr.mp4", "96x64", "25", 20,
      {"-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params",
       "log-level=error:keyint=20:hdr10=1:master-display=G(13250,34500)"
       "B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):"
       "max-cll=1000,400"});
  for (const double start : {0.0, 0.2}) {
    SCOPED_TRACE(start);
    const HdrMetadata hdr = Read(path, {.start_seconds = start}).format().hdr;
    ASSERT_TRUE(hdr.mastering && hdr.mastering->colors);
    EXPECT_NEAR(hdr.mastering->colors->rgb[0][0].value(), 0.68, 1e-6);
    EXPECT_NEAR(hdr.mastering->colors->rgb[1][1].value(), 0.69, 1e-6);
    EXPECT_NEAR(hdr.mastering->colors->white[0].value(), 0.3127, 1e-6);
    ASSERT_TRUE(hdr.mastering->luminance);
    EXPECT_NEAR(hdr.mastering->luminance->max.value(), 1000, 1e-6);
    EXPECT_NEAR(hdr.mastering->luminance->min.value(), 0.005, 1e-6);
    EXPECT_EQ(hdr.light, (ContentLight{1000, 400}));
  }
}

TEST_F(VideoReaderPictureTest, FindsNoHdrMetadataWhereThereIsNone) {
  EXPECT_EQ(Read(MakeWithFormat("yuv420p10le")).format().hdr, HdrMetadata{});
}

TEST_F(VideoReaderPictureTest, SaysNothingWhereNothingIsLost) {
  EXPECT_THAT(Read(MakeWithFormat("yuv420p")).notes(), IsEmpty());
}

TEST_F(VideoReaderPictureTest, ConvertsRedToItsBt601Values) {
  for (const char* size : {"1x1", "3x3", "16x16", "853x477"}) {
    for (const char* format : {"rgb24", "gbrp", "bgra", "yuv444p"}) {
      SCOPED_TRACE(std::string(format) + " " + size);
      const ReadVideo video = Read(MakePlain("red", size, format));
      ASSERT_EQ(video.frames.size(), 3);
      const KeptFrame& last = video.frames[2];
      EXPECT_TRUE(last.bytes == PlainPicture(last.width, last.height, '\x51',
                                             '\x5a', '\xf0'));
    }
  }
}

TEST_F(VideoReaderPictureTest, LabelsConvertedRgbAsLimitedBt601) {
  const ColorInfo color = Read(MakeWithFormat("bgr0")).format().color;
  EXPECT_EQ(color.matrix, 6);
  EXPECT_FALSE(color.full_range);
}

TEST_F(VideoReaderPictureTest, PassesColoursOfYuvThrough) {
  const ReadVideo video = Read(folder_.MakeVideo(
      "hd.mp4", "96x64", "25", 1,
      {"-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-colorspace", "bt709",
       "-color_primaries", "bt709", "-color_trc", "bt709"}));
  EXPECT_EQ(video.format().color,
            (ColorInfo{.matrix = 1, .primaries = 1, .transfer = 1}));
}

TEST_F(VideoReaderPictureTest, KeepsFullRangeFull) {
  const std::string path = folder_.MakeVideo(
      "full.avi", "96x64", "25", 2, {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p"});
  const ReadVideo video = Read(path);
  EXPECT_TRUE(video.format().color.full_range);
  const std::string raw =
      folder_.Make("raw.yuv", {"-i", path, "-f", "rawvideo"});
  EXPECT_TRUE(video.frames[0].bytes + video.frames[1].bytes == ReadFile(raw));
}

TEST_F(VideoReaderPictureTest, KeepsFullRangeFullWhileScaling) {
  const std::string path = folder_.Make(
      "white.avi", {"-f", "lavfi", "-i", "color=white:s=96x64", "-frames:v",
                    "1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "1"});
  const ReadVideo video = Read(path, {.height = 32});
  EXPECT_TRUE(video.format().color.full_range);
  EXPECT_GE(video.frames[0].luma(20, 20), 254);
}

TEST_F(VideoReaderPictureTest, ReadsPlainPicturesOfAnySizeUntouched) {
  for (const char* size : {"1x1", "1x33", "33x1", "16x16", "853x477"}) {
    SCOPED_TRACE(size);
    const std::string path = MakePlain("red", size, "yuv420p");
    const ReadVideo video = Read(path);
    ASSERT_EQ(video.frames.size(), 3);
    const std::string raw =
        folder_.Make("raw.yuv", {"-i", path, "-c", "copy", "-f", "rawvideo"});
    EXPECT_TRUE(video.frames[0].bytes + video.frames[1].bytes +
                    video.frames[2].bytes ==
                ReadFile(raw));
  }
}

TEST_F(VideoReaderPictureTest, TurnsThePictureAsItIsToBeShown) {
  const struct {
    const char* degrees;  // Clockwise.
    bool swaps;
    int white_x;  // In eighths of the width.
    int white_y;  // In eighths of the height.
  } kCases[] = {{"90", true, 6, 2}, {"180", false, 6, 6}, {"270", true, 2, 6}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.degrees);
    // The tag counts counterclockwise.
    const std::string tag = std::to_string(360 - std::stoi(c.degrees));
    const ReadVideo video = Read(MakeCorner("turned.mp4", tag));
    const KeptFrame& frame = video.frames.at(0);
    ASSERT_EQ(frame.width, c.swaps ? 64 : 96);
    const int x = frame.width / 8;
    const int y = frame.height / 8;
    EXPECT_GT(frame.luma(c.white_x * x, c.white_y * y), 200);
    EXPECT_LT(frame.luma((8 - c.white_x) * x, c.white_y * y), 50);
    EXPECT_LT(frame.luma(c.white_x * x, (8 - c.white_y) * y), 50);
  }
}

TEST_F(VideoReaderPictureTest, ScalesARotatedPictureByItsUprightHeight) {
  const ReadVideo video = Read(MakeCorner("turned.mp4", "90"), {.height = 48});
  EXPECT_EQ(video.frames.at(0).width, 32);
  EXPECT_EQ(video.frames.at(0).height, 48);
}

TEST_F(VideoReaderPictureTest, WarnsOfInterlacing) {
  ReadVideo video = Read(folder_.MakeVideo(
      "interlaced.ts", "96x64", "25", 10,
      {"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-top", "1"}));
  EXPECT_EQ(video.frames.size(), 10);
  EXPECT_THAT(video.notes(), ElementsAre("interlaced source: coded as frames, "
                                         "not deinterlaced"));
}

TEST_F(VideoReaderPictureTest, ScalesASizeChangeInMidStreamToTheFirstSize) {
  for (const char* encoder : {"mpeg2video", "libx264"}) {
    SCOPED_TRACE(encoder);
    const ReadVideo video = Read(MakeOfTwoSizes(encoder));
    EXPECT_EQ(video.frames.size(), 20);
    EXPECT_EQ(video.frames.back().pts, 19);
    EXPECT_THAT(video.frames, Each(AllOf(Field(&KeptFrame::width, 96),
                                         Field(&KeptFrame::height, 64))));
    EXPECT_THAT(video.notes(),
                testing::Contains("size changes to 128x96 in mid-stream: "
                                  "scaled to 96x64"));
  }
}

}  // namespace
}  // namespace encoder_bridge
