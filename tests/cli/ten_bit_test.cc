// What becomes of videos of more than 8 bits, and of HDR10.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;

class TenBitTest : public testing::Test {
 protected:
  // A slow gradient that has every value of 10 bits from dark to bright.
  std::string MakeGradient(const std::string& pixel_format = "yuv420p10le") {
    return folder_.Make(
        "gradient.mkv",
        {"-f", "lavfi", "-i",
         "nullsrc=s=960x64:r=25,format=yuv420p10le,"
         "geq=lum='64+mod(X+N,960)*876/960':cb=512:cr=512",
         "-frames:v", "10", "-pix_fmt", pixel_format, "-c:v", "ffv1"});
  }
  std::string MakeHdr10(const std::string& name) {
    return folder_.MakeVideo(
        name, "96x64", "25", 20,
        {"-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-color_primaries",
         "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc",
         "-color_range", "tv", "-x265-params",
         "log-level=error:hdr10=1:repeat-headers=1:colorprim=bt2020:"
         "transfer=smpte2084:colormatrix=bt2020nc:master-display="
         "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
         "L(10000000,50):max-cll=1000,400"});
  }
  json Encode(const std::string& input, const std::string& output,
              const std::vector<std::string>& options = {}) {
    const ProgramResult result =
        MuzeroRc(Joined({"encode", input, "-o", output, "-y", "--json",
                         "--cpu-used", "8", "--target-bitrate", "400k"},
                        options));
    EXPECT_THAT(result, Succeeds());
    warnings_ = result.err;
    return result.exit_status == 0 ? json::parse(result.out) : json();
  }
  // Different luma samples of the first frame, as ffmpeg decodes them to 10
  // bits.
  size_t NumLevels(const std::string& path) {
    const std::string raw = ReadFile(
        folder_.Make("raw.yuv", {"-i", path, "-frames:v", "1", "-pix_fmt",
                                 "yuv420p10le", "-f", "rawvideo"}));
    std::set<std::string> levels;
    for (size_t i = 0; i < size_t{2 * 960 * 64}; i += 2) {
      levels.insert(raw.substr(i, 2));
    }
    return levels.size();
  }
  // A field of the stream's side data, as ffprobe prints it; 0 if there is
  // none.
  static double SideData(const std::string& path, const std::string& field) {
    const ProgramResult result = testing_support::RunProgram(
        {"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
         "stream_side_data", "-of", "json", path});
    const json probed = json::parse(result.out);
    for (const json& stream : probed["streams"]) {
      if (!stream.contains("side_data_list")) continue;
      for (const json& data : stream["side_data_list"]) {
        if (!data.contains(field)) continue;
        const json& value = data[field];
        if (value.is_number()) return value.get<double>();
        const auto text = value.get<std::string>();
        const size_t slash = text.find('/');
        return std::stod(text.substr(0, slash)) /
               std::stod(text.substr(slash + 1));
      }
    }
    return 0;
  }

  const MediaFolder folder_;
  const std::string output_ = folder_.PathOf("out.webm");
  std::string warnings_;  // Of the last encode.
};

TEST_F(TenBitTest, StaysTenBits) {
  const json result = Encode(MakeGradient(), output_, {"--verify"});
  EXPECT_EQ(result["bit_depth"], 10);
  EXPECT_EQ(StreamField(output_, "profile"), "Profile 2");
  EXPECT_EQ(StreamField(output_, "pix_fmt"), "yuv420p10le");
  EXPECT_THAT(warnings_, Not(HasSubstr("warning")));
}

TEST_F(TenBitTest, HasMorePrecisionThanEightBits) {
  const std::string input = MakeGradient();
  const std::vector<std::string> finest = {"--controller", "constant-q",
                                           "--q-index", "1"};
  const json ten = Encode(input, output_, finest);
  EXPECT_GT(NumLevels(output_), 600);
  EXPECT_GT(ten["psnr_db"]["mean"], 62);
  const std::string eight = folder_.PathOf("eight.webm");
  Encode(input, eight, Joined(finest, {"--bit-depth", "8"}));
  EXPECT_LE(NumLevels(eight), 256);
}

TEST_F(TenBitTest, FromAnyKindOfTenBits) {
  const struct {
    const char* name;
    std::vector<std::string> encoding;
  } kCases[] = {
      {"in.y4m", {"-pix_fmt", "yuv420p10le", "-strict", "-1"}},
      {"in.mov", {"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"}},
      {"in.webm", {"-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p10le"}},
      {"in.mkv", {"-c:v", "ffv1", "-pix_fmt", "yuv444p12le"}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const std::string input =
        folder_.MakeVideo(c.name, "96x64", "25", 10, c.encoding);
    EXPECT_EQ(Encode(input, output_)["bit_depth"], 10);
    EXPECT_EQ(StreamField(output_, "pix_fmt"), "yuv420p10le");
    EXPECT_EQ(FrameTimes(output_).size(), 10);
  }
}

TEST_F(TenBitTest, InEveryContainerAndAsAPipe) {
  const std::string input = MakeGradient();
  for (const char* name : {"out.mkv", "out.mp4", "out.ivf"}) {
    SCOPED_TRACE(name);
    const std::string output = folder_.PathOf(name);
    Encode(input, output, {"--verify"});
    EXPECT_EQ(StreamField(output, "pix_fmt"), "yuv420p10le");
  }
  const ProgramResult piped =
      MuzeroRc({"encode", input, "-o", "-", "-q", "--cpu-used", "8",
                "--target-bitrate", "100k"});
  ASSERT_THAT(piped, Succeeds());
  EXPECT_EQ(StreamField(folder_.Write("piped.webm", piped.out), "pix_fmt"),
            "yuv420p10le");
}

TEST_F(TenBitTest, BecomesEightBitsWhereThatIsAskedFor) {
  const json result = Encode(MakeGradient(), output_, {"--bit-depth", "8"});
  EXPECT_EQ(result["bit_depth"], 8);
  EXPECT_EQ(StreamField(output_, "profile"), "Profile 0");
  EXPECT_THAT(warnings_, HasSubstr("bits are lost"));
}

TEST_F(TenBitTest, EightBitsAreWidenedOnlyWhereThatIsAskedFor) {
  const std::string input =
      folder_.MakeVideo("in.mkv", "96x64", "25", 10, {"-pix_fmt", "yuv420p"});
  EXPECT_EQ(Encode(input, output_)["bit_depth"], 8);
  EXPECT_EQ(StreamField(output_, "profile"), "Profile 0");
  EXPECT_EQ(Encode(input, output_, {"--bit-depth", "10"})["bit_depth"], 10);
  EXPECT_EQ(StreamField(output_, "profile"), "Profile 2");
}

TEST_F(TenBitTest, KeepsTheTargetAndTellsPsnrByItsOwnPeak) {
  const std::string input =
      folder_.MakeVideo("in.mkv", "320x180", "25", 50,
                        {"-vf", "format=yuv420p10le", "-c:v", "ffv1"});
  const json ten = Encode(input, output_);
  EXPECT_NEAR(ten["bitrate_kbps"], 400, 0.03 * 400);
  const json eight = Encode(input, output_, {"--bit-depth", "8"});
  EXPECT_NEAR(ten["psnr_db"]["mean"], eight["psnr_db"]["mean"], 1.5);
}

TEST_F(TenBitTest, KeepsToASizeAndReports) {
  const std::string page = folder_.PathOf("page.html");
  const ProgramResult result =
      MuzeroRc({"encode", MakeGradient(), "-o", output_, "--target-size",
                "20kB", "--cpu-used", "8", "--report", page, "--stats",
                folder_.PathOf("stats.jsonl"), "--report-libvpx"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_LE(std::filesystem::file_size(output_), 20000);
  EXPECT_THAT(ReadFile(page), HasSubstr("\"bit depth\""));
}

TEST_F(TenBitTest, Hdr10MetadataGoesThrough) {
  const std::string input = MakeHdr10("in.mp4");
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    SCOPED_TRACE(name);
    const std::string output = folder_.PathOf(name);
    Encode(input, output, {"--height", "48", "--start", "0.2"});
    EXPECT_EQ(StreamField(output, "height"), "48");
    EXPECT_EQ(StreamField(output, "color_space"), "bt2020nc");
    EXPECT_EQ(StreamField(output, "color_transfer"), "smpte2084");
    EXPECT_EQ(StreamField(output, "color_primaries"), "bt2020");
    EXPECT_EQ(StreamField(output, "color_range"), "tv");
    EXPECT_NEAR(SideData(output, "red_x"), 0.68, 1e-4);
    EXPECT_NEAR(SideData(output, "white_point_y"), 0.329, 1e-4);
    EXPECT_NEAR(SideData(output, "max_luminance"), 1000, 1e-3);
    EXPECT_NEAR(SideData(output, "min_luminance"), 0.005, 1e-4);
    EXPECT_EQ(SideData(output, "max_content"), 1000);
    EXPECT_EQ(SideData(output, "max_average"), 400);
  }
}

TEST_F(TenBitTest, EvaluatesTenBitsAsTheyAre) {
  MakeGradient();
  const std::string out = folder_.PathOf("eval");
  const ProgramResult result =
      MuzeroRc({"evaluate", "--clips", folder_.PathOf("gradient.mkv"), "--out",
                out, "--controllers", "constant-q", "--anchor", "constant-q",
                "--q-indices", "1,100,150,200", "--cpu-used", "8", "-q"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(ReadFile(out + "/summary.json"), Not(IsEmpty()));
}

TEST_F(TenBitTest, RefusesOtherBitDepths) {
  for (const char* verb : {"encode", "evaluate"}) {
    std::vector<std::string> words = {verb, "--bit-depth", "9"};
    const std::vector<std::string> rest =
        verb == std::string("encode")
            ? std::vector<std::string>{MakeGradient(), "-o", output_,
                                       "--target-bitrate", "100k"}
            : std::vector<std::string>{"--clips", MakeGradient(), "--out",
                                       folder_.PathOf("eval")};
    EXPECT_THAT(MuzeroRc(Joined(words, rest)),
                FailsWith(2, "--bit-depth 9 is not one of auto, 8, 10"));
  }
  EXPECT_FALSE(std::filesystem::exists(output_));
}

}  // namespace
}  // namespace cli
