// What `encode` takes although it is odd: every frame of it comes out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using testing::AllOf;
using testing::DoubleNear;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using testing::Pointwise;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;

const std::vector<std::string> kLossless = {"-c:v", "ffv1", "-level", "3"};

// What came out of one encode.
struct Encoded {
  std::string path;
  std::vector<double> times;  // Of every frame that decodes, in seconds.
  std::string warnings;       // All of stderr.
};

// The parameter is the controller.
class OddInputTest : public testing::TestWithParam<const char*> {
 protected:
  Encoded Encode(const std::string& input) const {
    const std::string output = folder_.PathOf("out.webm");
    const ProgramResult result =
        MuzeroRc({"encode", input, "-o", output, "-y", "--controller",
                  GetParam(), "--target-bitrate", "100k", "--cpu-used", "8"});
    EXPECT_THAT(result, Succeeds());
    return {
        .path = output, .times = FrameTimes(output), .warnings = result.err};
  }

  // A lossless video of `frames` frames.
  std::string MakeVideo(const std::string& size, const std::string& rate,
                        int frames) const {
    return folder_.MakeVideo("in.mkv", size, rate, frames, kLossless);
  }

  const MediaFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Controllers, OddInputTest,
                         testing::Values("feedback", "libvpx"),
                         [](const auto& test) { return test.param; });

TEST_P(OddInputTest, OneOrTwoFrames) {
  for (const int frames : {1, 2}) {
    const Encoded encoded = Encode(MakeVideo("64x48", "25", frames));
    EXPECT_THAT(encoded.times, SizeIs(frames));
  }
}

TEST_P(OddInputTest, SmallAndOddSizes) {
  for (const char* size : {"16x16", "1x1", "2x2", "1x35", "35x1", "67x33"}) {
    SCOPED_TRACE(size);
    const Encoded encoded = Encode(folder_.Make(
        "in.mkv", {"-f", "lavfi", "-i", "nullsrc=s=64x64:r=25,noise=alls=40",
                   "-vf", "format=gbrp,scale=" + std::string(size), "-frames:v",
                   "10", "-c:v", "ffv1"}));
    EXPECT_THAT(encoded.times, SizeIs(10));
    EXPECT_EQ(StreamField(encoded.path, "width") + "x" +
                  StreamField(encoded.path, "height"),
              size);
  }
}

TEST_P(OddInputTest, SlowFastAndFractionalFrameRates) {
  const struct {
    const char* rate;
    double seconds_per_frame;
  } kCases[] = {{"1", 1}, {"120", 1 / 120.0}, {"30000/1001", 1.001 / 30}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rate);
    const Encoded encoded = Encode(MakeVideo("64x48", c.rate, 20));
    ASSERT_THAT(encoded.times, SizeIs(20));
    EXPECT_NEAR(encoded.times[19], 19 * c.seconds_per_frame, 0.001);
  }
}

TEST_P(OddInputTest, VariableFrameRateKeepsItsTimestamps) {
  const std::string input = folder_.MakeVideo(
      "in.mp4", "64x48", "25", 20,
      {"-vf", "setpts='(N*N+3*N)*0.01/TB'", "-fps_mode", "passthrough",
       "-enc_time_base", "1/1000", "-c:v", "mpeg4"});
  const std::vector<double> times = FrameTimes(input);
  ASSERT_THAT(times, SizeIs(20));
  EXPECT_THAT(Encode(input).times, Pointwise(DoubleNear(0.001), times));
}

TEST_P(OddInputTest, OtherPixelFormatsAreConvertedAndSoItSays) {
  const struct {
    const char* pixel_format;
    const char* want;
  } kCases[] = {{"yuv420p12le", "warning: 12-bit yuv420p12le converted to 10"},
                {"yuv444p", "warning: yuv444p converted to 4:2:0"},
                {"bgr0", "warning: bgr0 converted to 8-bit 4:2:0"},
                {"gray", "warning: gray converted to 4:2:0"}};
  for (const auto& c : kCases) {
    const Encoded encoded = Encode(folder_.MakeVideo(
        "in.mkv", "64x48", "25", 10,
        {"-c:v", "ffv1", "-level", "3", "-pix_fmt", c.pixel_format}));
    EXPECT_THAT(encoded.times, SizeIs(10));
    EXPECT_THAT(encoded.warnings, HasSubstr(c.want));
  }
}

TEST_P(OddInputTest, InterlacedIsCodedAsFramesWithAWarning) {
  const Encoded encoded = Encode(folder_.MakeVideo(
      "in.mpg", "96x64", "25", 20,
      {"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-top", "1"}));
  EXPECT_THAT(encoded.times, SizeIs(20));
  EXPECT_THAT(encoded.warnings, HasSubstr("warning: interlaced source"));
}

TEST_P(OddInputTest, AllBlack) {
  const Encoded encoded = Encode(folder_.Make(
      "in.mp4",
      {"-f", "lavfi", "-i", "color=black:s=96x64:r=25", "-frames:v", "30"}));
  EXPECT_THAT(encoded.times, SizeIs(30));
  EXPECT_THAT(encoded.warnings, IsEmpty());
}

TEST_P(OddInputTest, SizeChangeInMidStreamIsScaledToTheFirst) {
  const std::vector<std::string> mpeg2 = {"-c:v", "mpeg2video", "-bf",
                                          "0",    "-f",         "mpeg2video"};
  const std::string small =
      ReadFile(folder_.MakeVideo("a.m2v", "64x48", "25", 10, mpeg2));
  const std::string large =
      ReadFile(folder_.MakeVideo("b.m2v", "96x64", "25", 10, mpeg2));
  const Encoded encoded = Encode(folder_.Write("in.m2v", small + large));
  EXPECT_THAT(encoded.times, SizeIs(20));
  EXPECT_EQ(StreamField(encoded.path, "width"), "64");
  EXPECT_THAT(encoded.warnings,
              HasSubstr("warning: size changes to 96x64 in mid-stream"));
}

TEST_P(OddInputTest, TruncatedMp4AndWebmGiveWhatDecodesAndTheCount) {
  const struct {
    const char* name;
    std::vector<std::string> encoding;
  } kCases[] = {{"in.mp4", {"-c:v", "libx264", "-movflags", "+faststart"}},
                {"in.webm", {"-c:v", "libvpx"}}};
  for (const auto& c : kCases) {
    const std::string whole =
        ReadFile(folder_.MakeVideo(c.name, "96x64", "25", 60, c.encoding));
    const Encoded encoded =
        Encode(folder_.Write(c.name, whole.substr(0, whole.size() / 2)));
    EXPECT_THAT(encoded.times, SizeIs(AllOf(Gt(10), Lt(60)))) << c.name;
    EXPECT_THAT(encoded.warnings,
                HasSubstr("warning: input is damaged or cut short: " +
                          std::to_string(encoded.times.size()) +
                          " of 60 frames decoded"));
  }
}

}  // namespace
}  // namespace cli
