// What `encode` makes and says when all is well.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::MatchesRegex;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

class EncodeTest : public testing::Test {
 protected:
  // Encodes `input` to output_ at 100 kbit/s.
  ProgramResult Encode(const std::string& input, const Arguments& flags) const {
    Arguments arguments = {"encode",     input, "-o", output_,
                           "--cpu-used", "8",   "-y", "--target-bitrate=100k"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProgramResult result = MuzeroRc(arguments);
    EXPECT_THAT(result, Succeeds());
    return result;
  }

  // 30 frames of 96x64 at 25 a second.
  std::string MakeClip(const Arguments& encoding = {}) const {
    return folder_.MakeVideo("in.mp4", "96x64", "25", 30, encoding);
  }

  std::string SizeOfOutput() const {
    return StreamField(output_, "width") + "x" + StreamField(output_, "height");
  }

  const MediaFolder folder_;
  const std::string output_ = folder_.PathOf("out.webm");
};

// Every object of a file of JSON lines.
std::vector<json> JsonLines(const std::string& path) {
  std::vector<json> objects;
  for (const std::string& line : LinesWith("", ReadFile(path))) {
    objects.push_back(json::parse(line));
  }
  return objects;
}

// The q_index of every coded frame, hidden ones too, as FFmpeg parses it.
std::vector<int> QIndicesIn(const std::string& path) {
  const ProgramResult result = testing_support::RunProgram(
      {"ffmpeg", "-nostdin", "-i", path, "-c", "copy", "-bsf:v",
       "vp9_superframe_split,trace_headers", "-f", "null", "-"});
  std::vector<int> values;
  const std::regex pattern("base_q_idx +[01]+ = ([0-9]+)");
  for (std::sregex_iterator match(result.err.begin(), result.err.end(),
                                  pattern);
       match != std::sregex_iterator(); ++match) {
    values.push_back(std::stoi((*match)[1]));
  }
  return values;
}

std::string PacketHashOf(const std::string& path) {
  const ProgramResult result = testing_support::RunProgram(
      {"ffmpeg", "-nostdin", "-i", path, "-c", "copy", "-f", "md5", "-"});
  EXPECT_EQ(result.exit_status, 0) << result;
  return result.out;
}

TEST_F(EncodeTest, MakesVp9InWebmWithEveryFrame) {
  Encode(MakeClip(), {});
  EXPECT_EQ(StreamField(output_, "codec_name"), "vp9");
  EXPECT_THAT(FrameTimes(output_), SizeIs(30));
  EXPECT_EQ(StreamField(output_, "r_frame_rate"), "25/1");
}

TEST_F(EncodeTest, SaysInOneLineWhatItMade) {
  const ProgramResult result = Encode(MakeClip(), {});
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out,
              MatchesRegex(".*/out.webm: 30 frames, [0-9]+ bytes, [0-9.]+ "
                           "kbit/s \\(target 100.0, [-+][0-9.]+ %\\), PSNR "
                           "[0-9.]+ dB, [0-9.]+ s\n"));
}

TEST_F(EncodeTest, PrintsAJsonObjectWithTheDocumentedFields) {
  const json result = json::parse(
      Encode(MakeClip(), {"--json", "--controller", "feedback"}).out);
  std::vector<std::string> keys;
  for (const auto& [key, value] : result.items()) keys.push_back(key);
  EXPECT_THAT(keys,
              testing::UnorderedElementsAre(
                  "output", "controller", "frames", "coded_frames", "bit_depth",
                  "bytes", "file_bytes", "bitrate_kbps", "target_bitrate_kbps",
                  "overshoot", "psnr_db", "audio", "verified", "seconds"));
  EXPECT_THAT(result["audio"], IsEmpty());
  EXPECT_EQ(result["output"], output_);
  EXPECT_EQ(result["controller"], "feedback");
  for (const char* kind : {"mean", "global", "y"}) {
    EXPECT_GT(result["psnr_db"][kind], 20) << kind;
  }
}

TEST_F(EncodeTest, PrintsNumbersThatAgreeWithEachOtherAndTheFile) {
  const json result = json::parse(Encode(MakeClip(), {"--json"}).out);
  const double kbps = result["bitrate_kbps"];
  EXPECT_EQ(result["frames"], 30);
  EXPECT_GE(result["coded_frames"], 30);
  EXPECT_NEAR(kbps, result["bytes"].get<double>() * 8 / 1000 / (30.0 / 25),
              1e-6);
  EXPECT_EQ(result["target_bitrate_kbps"], 100);
  EXPECT_NEAR(result["overshoot"], std::max(0.0, kbps / 100 - 1), 1e-9);
  const double container_bytes = static_cast<double>(fs::file_size(output_)) -
                                 result["bytes"].get<double>();
  EXPECT_THAT(container_bytes, AllOf(Ge(100), Le(2000)));
}

TEST_F(EncodeTest, KeepsTheBestOfItsAttempts) {
  const std::string clip = MakeClip();
  const json alone = json::parse(Encode(clip, {"--json"}).out);
  const json result =
      json::parse(Encode(clip, {"--json", "--attempts", "3"}).out);
  const json& attempts = result["attempts"];
  ASSERT_THAT(attempts, SizeIs(3));
  EXPECT_EQ(attempts[0]["bitrate_kbps"], alone["bitrate_kbps"]);
  EXPECT_EQ(attempts[0]["psnr_db"], alone["psnr_db"]["mean"]);
  // The second has the first one's offsets, but knows what that one found out.
  EXPECT_NE(attempts[1], attempts[0]);
  EXPECT_NE(attempts[2], attempts[1]);
  const json& chosen = attempts[result["attempt"].get<size_t>() - 1];
  EXPECT_EQ(chosen["bitrate_kbps"], result["bitrate_kbps"]);
  EXPECT_EQ(chosen["psnr_db"], result["psnr_db"]["mean"]);
  for (const json& attempt : attempts) {
    if (attempt["bitrate_kbps"] > 100) continue;
    EXPECT_LE(result["bitrate_kbps"], 100);
    EXPECT_GE(result["psnr_db"]["mean"], attempt["psnr_db"]);
  }
  EXPECT_THAT(FrameTimes(output_), SizeIs(30));
}

TEST_F(EncodeTest, ScoutsQuicklyForSlowAttempts) {
  const std::string clip = MakeClip();
  const std::string output = folder_.PathOf("scouted.webm");
  const auto encode = [&](const Arguments& flags) {
    const ProgramResult result = MuzeroRc(
        Joined({"encode", clip, "-o", output, "-y", "--target-bitrate=100k",
                "--cpu-used=1", "--attempts=2", "--json"},
               flags));
    EXPECT_THAT(result, Succeeds());
    return json::parse(result.out);
  };
  const json scouted = encode({});
  EXPECT_EQ(scouted["attempt"], 2);
  EXPECT_EQ(scouted["attempts"][0]["cpu_used"], 5);
  EXPECT_EQ(scouted["attempts"][1]["cpu_used"], 1);
  EXPECT_LE(scouted["overshoot"], 0.01);
  EXPECT_THAT(FrameTimes(output), SizeIs(30));
  // There is nothing to scout for where attempts know nothing of each other.
  EXPECT_EQ(encode({"--effort=2"})["attempts"][0]["cpu_used"], 1);
}

TEST_F(EncodeTest, PlansWithTheEncoderWhereEffortIsAsked) {
  const std::string clip = MakeClip();
  const std::string stats = folder_.PathOf("stats.jsonl");
  const json result = json::parse(
      Encode(clip, {"--json", "--effort=2", "--verify", "--stats", stats}).out);
  EXPECT_EQ(result["effort"], 2);
  EXPECT_EQ(result["frames"], 30);
  EXPECT_TRUE(result["verified"]);
  EXPECT_LE(result["overshoot"], 0.01);
  EXPECT_THAT(FrameTimes(output_), SizeIs(30));
  std::vector<int> q_indices;
  for (const json& frame : JsonLines(stats)) {
    q_indices.push_back(frame["q_index"]);
  }
  EXPECT_THAT(q_indices, SizeIs(result["coded_frames"].get<size_t>()));
  EXPECT_EQ(q_indices, QIndicesIn(output_));
}

TEST_F(EncodeTest, WithEffortIsTheSameForAnyNumberOfThreadsAndKindOfInput) {
  const std::string clip = folder_.MakeVideo("in.y4m", "96x64", "25", 40, {});
  Encode(clip, {"--effort=3", "--threads=1"});
  const std::string on_one_thread = PacketHashOf(output_);
  Encode(clip, {"--effort=3", "--threads=4"});
  EXPECT_EQ(PacketHashOf(output_), on_one_thread);
  std::vector<std::string> from_a_pipe =
      MuzeroRcCommand({"encode", "-", "-o", output_, "--cpu-used", "8", "-y",
                       "--target-bitrate=100k", "--effort=3"});
  EXPECT_THAT(testing_support::RunProgram(Joined(
                  {"sh", "-c", "exec \"$@\" < \"$0\"", clip}, from_a_pipe)),
              Succeeds());
  EXPECT_EQ(PacketHashOf(output_), on_one_thread);
}

TEST_F(EncodeTest, HasNoTargetWhereLevelsRule) {
  for (const char* controller : {"constant-q", "libvpx-q"}) {
    const json result = json::parse(
        Encode(MakeClip(), {"--json", "--controller", controller}).out);
    EXPECT_TRUE(result["target_bitrate_kbps"].is_null());
    EXPECT_TRUE(result["overshoot"].is_null());
  }
}

TEST_F(EncodeTest, WritesAStatsLineForEveryCodedFrame) {
  const std::string stats = folder_.PathOf("stats.jsonl");
  const json result =
      json::parse(Encode(MakeClip(), {"--json", "--stats", stats}).out);
  const std::vector<json> lines = JsonLines(stats);
  ASSERT_THAT(lines, SizeIs(result["coded_frames"].get<size_t>()));
  int shown = 0;
  int64_t bits = 0;
  for (const json& line : lines) {
    shown += line["shown"] ? 1 : 0;
    bits += line["bits"].get<int64_t>();
    EXPECT_EQ(line["psnr_db"].is_null(), !line["shown"].get<bool>());
  }
  EXPECT_EQ(shown, 30);
  EXPECT_LE(bits, result["bytes"].get<int64_t>() * 8);
}

// The data that the page of --report draws.
json ReportData(const std::string& path) {
  const std::string page = testing_support::ReadFile(path);
  const std::string start = "id=\"report-data\">";
  const size_t begin = page.find(start) + start.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST_F(EncodeTest, ReportsWhatItDid) {
  const std::string stats = folder_.PathOf("stats.jsonl");
  const std::string report = folder_.PathOf("report.html");
  const json result = json::parse(
      Encode(MakeClip(), {"--json", "--stats", stats, "--report", report}).out);
  const json data = ReportData(report);
  EXPECT_EQ(data["bytes"], result["bytes"]);
  EXPECT_EQ(data["target_kbps"], result["target_bitrate_kbps"]);
  EXPECT_EQ(data["psnr_db"]["mean"], result["psnr_db"]["mean"]);
  json frames = json::array();
  for (const json& line : JsonLines(stats)) {
    frames.push_back(
        {line["show_index"], line["q_index"], line["bits"], line["psnr_db"]});
  }
  json told = json::array();
  for (const json& frame : data["frames"]) {
    told.push_back({frame[0], frame[2], frame[3], frame[4]});
  }
  EXPECT_EQ(told, frames);
}

TEST_F(EncodeTest, ReportsWhatLibvpxWouldHaveDone) {
  const std::string report = folder_.PathOf("report.html");
  const std::string clip = MakeClip();
  Encode(clip, {"--report", report, "--report-libvpx"});
  const std::string video = testing_support::ReadFile(output_);
  const json libvpx = ReportData(report)["libvpx"];
  Encode(clip, {"--report", report, "-y"});
  EXPECT_EQ(testing_support::ReadFile(output_), video);
  EXPECT_TRUE(ReportData(report)["libvpx"].is_null());
  Encode(clip, {"--report", report, "-y", "--controller", "libvpx"});
  const json data = ReportData(report);
  EXPECT_EQ(libvpx["frames"], data["frames"]);
  EXPECT_EQ(libvpx["bitrate_kbps"], data["bitrate_kbps"]);
}

TEST_F(EncodeTest, TellsTheQIndicesThatAreInTheStream) {
  const std::string stats = folder_.PathOf("stats.jsonl");
  Encode(MakeClip(), {"--stats", stats});
  std::vector<int> told;
  for (const json& line : JsonLines(stats)) told.push_back(line["q_index"]);
  EXPECT_THAT(told, Each(AllOf(Ge(1), Le(255))));
  EXPECT_EQ(told, QIndicesIn(output_));
}

TEST_F(EncodeTest, ConstantQPutsTheAskedQIndexIntoTheStream) {
  Encode(MakeClip(), {"--controller=constant-q", "--q-index=137"});
  EXPECT_THAT(QIndicesIn(output_), AllOf(SizeIs(Ge(30)), Each(137)));
}

TEST_F(EncodeTest, ConstantQTakesOffsetsForFrameTypes) {
  const std::string stats = folder_.PathOf("stats.jsonl");
  Encode(MakeClip(), {"--controller=constant-q", "--q-index=100",
                      "--key-offset=60", "--arf-offset=30", "--stats", stats});
  for (const json& line : JsonLines(stats)) {
    const std::string type = line["type"];
    const int want = type == "key" ? 40 : type == "alt_ref" ? 70 : 100;
    EXPECT_EQ(line["q_index"], want) << line;
  }
}

TEST_F(EncodeTest, ScalesToASizeOrAHeight) {
  const std::string clip = MakeClip();
  Encode(clip, {"--size", "50x40"});
  EXPECT_EQ(SizeOfOutput(), "50x40");
  Encode(clip, {"--height", "32"});
  EXPECT_EQ(SizeOfOutput(), "48x32");
}

TEST_F(EncodeTest, EncodesThePartThatIsAskedFor) {
  const struct {
    Arguments flags;
    size_t want_frames;
  } kCases[] = {{{"--frames", "7"}, 7},
                {{"--duration", "0.4"}, 10},
                {{"--start", "0.8"}, 10},
                {{"--start", "0:0.4", "--duration", "0.4"}, 10},
                {{"--start", "0.4", "--frames", "3"}, 3},
                {{"--frames", "1000", "--duration", "1:00"}, 30}};
  const std::string clip = MakeClip();
  for (const auto& c : kCases) {
    Encode(clip, c.flags);
    EXPECT_THAT(FrameTimes(output_), SizeIs(c.want_frames))
        << testing::PrintToString(c.flags);
  }
}

TEST_F(EncodeTest, ReplacesTheOutputWithPermission) {
  folder_.Write("out.webm", "old");
  Encode(MakeClip(), {});
  EXPECT_THAT(FrameTimes(output_), SizeIs(30));
}

TEST_F(EncodeTest, CarriesColoursAndPixelShape) {
  Encode(MakeClip({"-vf", "setsar=4/3", "-c:v", "libx264", "-pix_fmt",
                   "yuv420p", "-colorspace", "bt709", "-color_primaries",
                   "bt709", "-color_trc", "bt709", "-color_range", "tv"}),
         {});
  for (const char* field :
       {"color_space", "color_primaries", "color_transfer"}) {
    EXPECT_EQ(StreamField(output_, field), "bt709") << field;
  }
  EXPECT_EQ(StreamField(output_, "color_range"), "tv");
  EXPECT_EQ(StreamField(output_, "sample_aspect_ratio"), "4:3");
}

TEST_F(EncodeTest, TurnsARotatedVideoUpright) {
  const std::string lying = MakeClip({"-c:v", "mpeg4"});
  Encode(folder_.Make("turned.mp4", {"-i", lying, "-c", "copy",
                                     "-metadata:s:v:0", "rotate=90"}),
         {});
  EXPECT_EQ(SizeOfOutput(), "64x96");
}

TEST_F(EncodeTest, CodesTheSameWithAnyNumberOfThreads) {
  const std::string clip = MakeClip();
  for (const char* controller : {"feedback", "libvpx"}) {
    Encode(clip, {"--threads=1", "--controller", controller});
    const std::string with_one = PacketHashOf(output_);
    Encode(clip, {"--threads=2", "--controller", controller});
    EXPECT_EQ(PacketHashOf(output_), with_one) << controller;
  }
}

TEST_F(EncodeTest, LeavesNothingButItsFiles) {
  MakeClip();
  Encode(folder_.PathOf("in.mp4"), {"--stats", folder_.PathOf("s.jsonl")});
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_.PathOf(""))) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("in.mp4", "out.webm", "s.jsonl"));
}

TEST_F(EncodeTest, WritesWhereItIsRunWithoutAFolderInTheName) {
  const std::string clip = MakeClip();
  const std::vector<std::string> encode = MuzeroRcCommand(
      {"encode", clip, "-o", "here.webm", "--target-bitrate", "100k"});
  Arguments command = {"env", "-C", folder_.PathOf("")};
  command.insert(command.end(), encode.begin(), encode.end());
  EXPECT_THAT(testing_support::RunProgram(command), Succeeds());
  EXPECT_THAT(FrameTimes(folder_.PathOf("here.webm")), SizeIs(30));
}

}  // namespace
}  // namespace cli
