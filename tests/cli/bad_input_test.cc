// What `encode` refuses: one line, a status, and nothing left behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

std::string RandomBytes(size_t count) {
  std::mt19937 random(1);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class BadInputTest : public testing::Test {
 protected:
  BadInputTest() { fs::create_directory(folder_.PathOf("results")); }

  // Runs `encode` with `arguments` and checks that it leaves no trace.
  ProgramResult Encode(const Arguments& arguments,
                       const Arguments& before = {}) const {
    Arguments command = before;
    for (const std::string& word :
         MuzeroRcCommand({"encode", "--cpu-used=8"})) {
      command.push_back(word);
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto contents = ContentsOf(folder_.PathOf(""));
    const ProgramResult result = testing_support::RunProgram(command);
    EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == contents) << result;
    return result;
  }

  ProgramResult EncodeInput(const std::string& input) const {
    return Encode({input, "-o", output_, "--target-bitrate", "100k"});
  }

  ProgramResult EncodeTo(const std::string& output,
                         const Arguments& before = {}) const {
    return Encode({MakeGood(), "-o", output, "--target-bitrate", "100k", "-y"},
                  before);
  }

  // A good command line but for `flags`.
  ProgramResult EncodeWith(const Arguments& flags) const {
    Arguments arguments = {good_, "-o", output_};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return Encode(arguments);
  }

  std::string MakeGood() const {
    return folder_.MakeVideo("good.mp4", "64x48", "25", 10);
  }

  const MediaFolder folder_;
  const std::string output_ = folder_.PathOf("results/out.webm");
  const std::string good_ = folder_.PathOf("good.mp4");
};

TEST_F(BadInputTest, MissingFile) {
  EXPECT_THAT(EncodeInput(folder_.PathOf("missing.mp4")),
              FailsWith(kFailed, "missing.mp4: no such file"));
}

TEST_F(BadInputTest, Directory) {
  EXPECT_THAT(EncodeInput(folder_.PathOf("results")),
              FailsWith(kFailed, "results: is a directory"));
}

TEST_F(BadInputTest, LinkToItself) {
  const std::string link = folder_.PathOf("loop.mp4");
  fs::create_symlink("loop.mp4", link);
  EXPECT_THAT(EncodeInput(link), FailsWith(kFailed, "loop.mp4: "));
}

TEST_F(BadInputTest, EmptyFile) {
  EXPECT_THAT(EncodeInput(folder_.Write("empty.mp4", "")),
              FailsWith(kFailed, "empty.mp4: is empty"));
}

TEST_F(BadInputTest, TextFile) {
  EXPECT_THAT(EncodeInput(folder_.Write("text.mp4", "To whom it may concern")),
              FailsWith(kFailed, "text.mp4: is a text file"));
}

TEST_F(BadInputTest, RandomBytes) {
  for (const char* name : {"noise", "noise.mp4", "noise.webm", "noise.mpg"}) {
    EXPECT_THAT(EncodeInput(folder_.Write(name, RandomBytes(50000))),
                FailsWith(kFailed, std::string(name) + ": "));
  }
}

TEST_F(BadInputTest, AudioOnly) {
  EXPECT_THAT(
      EncodeInput(folder_.Make("sound.m4a", {"-f", "lavfi", "-i", "sine=d=1"})),
      FailsWith(kFailed, "sound.m4a: has no video stream"));
}

TEST_F(BadInputTest, CutSoShortThatNothingDecodes) {
  for (const char* name : {"cut.mp4", "cut.webm"}) {
    const std::string whole = ReadFile(folder_.MakeVideo(
        name, "64x48", "25", 10, {"-movflags", "+faststart"}));
    EXPECT_THAT(EncodeInput(folder_.Write(name, whole.substr(0, 600))),
                FailsWith(kFailed, std::string(name) + ": "));
  }
}

TEST_F(BadInputTest, NothingLeftAfterStart) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--start", "1:00"}),
              FailsWith(kFailed, "nothing is left after start 60 s"));
}

TEST_F(BadInputTest, NamedPipeThatNobodyWritesTo) {
  const std::string pipe = folder_.PathOf("pipe.mp4");
  ASSERT_EQ(testing_support::RunProgram({"mkfifo", pipe}).exit_status, 0);
  const ProgramResult result =
      MuzeroRc({"encode", pipe, "-o", output_, "--target-bitrate", "100k"});
  EXPECT_THAT(result, FailsWith(kFailed, "pipe.mp4: is not a regular file"));
}

TEST_F(BadInputTest, OutputInAFolderThatIsAFile) {
  const std::string file = folder_.Write("file", "kept");
  EXPECT_THAT(EncodeTo(file + "/out.webm"), FailsWith(kFailed, "/out.webm"));
}

TEST_F(BadInputTest, OutputInAMissingFolder) {
  EXPECT_THAT(EncodeTo(folder_.PathOf("missing/out.webm")),
              FailsWith(kFailed, "there is no folder"));
}

TEST_F(BadInputTest, OutputThatIsAFolder) {
  const std::string folder = folder_.PathOf("folder.webm");
  fs::create_directory(folder);
  EXPECT_THAT(EncodeTo(folder), FailsWith(kFailed, "it is a folder"));
}

// Not even root can make files there.
TEST_F(BadInputTest, OutputInAFolderThatCannotBeWritten) {
  EXPECT_THAT(EncodeTo("/proc/out.webm"),
              FailsWith(kFailed, "cannot write /proc/out.webm"));
}

TEST_F(BadInputTest, OutputOfNoKnownKind) {
  EXPECT_THAT(EncodeTo(folder_.PathOf("out.avi")),
              FailsWith(kWrongUsage, "must end in .webm, .mkv, .mp4 or .ivf"));
}

TEST_F(BadInputTest, OutputPlaceFullFromTheFirstByte) {
  EXPECT_THAT(EncodeTo(output_, {"prlimit", "--fsize=0", "--"}),
              FailsWith(kFailed, "out.webm: File too large"));
}

TEST_F(BadInputTest, OutputPlaceFullInMidEncode) {
  EXPECT_THAT(EncodeTo(output_, {"prlimit", "--fsize=1000", "--"}),
              FailsWith(kFailed, "out.webm: File too large"));
}

// A file system of 64 KiB, in a name space of its own.  What the encode leaves
// in it would be listed on stdout.
TEST_F(BadInputTest, FileSystemFull) {
  if (testing_support::RunProgram({"unshare", "-rm", "true"}).exit_status !=
      0) {
    GTEST_SKIP() << "file systems cannot be mounted here";
  }
  const std::string noise = folder_.Make(
      "noise.mp4", {"-f", "lavfi", "-i", "nullsrc=s=320x192:r=25,noise=alls=99",
                    "-frames:v", "30"});
  const std::string place = folder_.PathOf("results");
  const ProgramResult result =
      Encode({noise, "-o", output_, "--target-bitrate", "2M"},
             {"unshare", "-rm", "sh", "-c",
              "mount -t tmpfs -o size=64k none \"$0\" && \"$@\"; status=$?; "
              "ls -A \"$0\"; exit $status",
              place});
  EXPECT_THAT(result, FailsWith(kFailed, "out.webm: No space left on device"));
}

// The statistics of black frames are larger than the video.
TEST_F(BadInputTest, StatsPlaceFull) {
  const std::string black = folder_.Make(
      "black.mp4",
      {"-f", "lavfi", "-i", "color=black:s=64x48", "-frames:v", "60"});
  const ProgramResult result =
      Encode({black, "-o", output_, "--target-bitrate", "10k", "--stats",
              folder_.PathOf("results/stats.jsonl")},
             {"prlimit", "--fsize=4000", "--"});
  EXPECT_THAT(result, FailsWith(kFailed, "stats.jsonl: File too large"));
}

TEST_F(BadInputTest, StandardOutputFull) {
  std::vector<std::string> command = {"sh", "-c", "exec \"$@\" >/dev/full",
                                      "sh"};
  for (const std::string& word :
       MuzeroRcCommand({"encode", MakeGood(), "-o", output_,
                        "--target-bitrate=100k", "--json"})) {
    command.push_back(word);
  }
  EXPECT_THAT(testing_support::RunProgram(command),
              FailsWith(kFailed, "cannot write to standard output"));
}

TEST_F(BadInputTest, OutputThatIsTheInput) {
  const std::string input = folder_.MakeVideo("in.webm", "64x48", "25", 10);
  const std::string by_link = folder_.PathOf("link.webm");
  const std::string by_hard_link = folder_.PathOf("hard.webm");
  const std::string by_path = folder_.PathOf("results/../in.webm");
  fs::create_symlink("in.webm", by_link);
  fs::create_hard_link(input, by_hard_link);
  for (const std::string& output : {input, by_link, by_hard_link, by_path}) {
    EXPECT_THAT(Encode({input, "-o", output, "--target-bitrate", "1M", "-y"}),
                FailsWith(kWrongUsage, "is the input"));
  }
}

TEST_F(BadInputTest, StatsThatAreTheOutput) {
  MakeGood();
  for (const char* stats :
       {"results/out.webm", "results/../results/out.webm"}) {
    EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--stats",
                            folder_.PathOf(stats)}),
                FailsWith(kWrongUsage, "--stats is the output"));
  }
}

TEST_F(BadInputTest, AReportThatIsTheOutputOrTheStats) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--report",
                          folder_.PathOf("results/out.webm")}),
              FailsWith(kWrongUsage, "--report is the output"));
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--report",
                          folder_.PathOf("results/a"), "--stats",
                          folder_.PathOf("results/../results/a")}),
              FailsWith(kWrongUsage, "--report is the file of --stats"));
}

TEST_F(BadInputTest, NothingToCompareWithLibvpx) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--report-libvpx"}),
              FailsWith(kWrongUsage, "--report-libvpx requires --report"));
  for (const char* controller : {"libvpx", "constant-q"}) {
    EXPECT_THAT(
        EncodeWith({"--target-bitrate", "100k", "--controller", controller,
                    "--report-libvpx", "--report", folder_.PathOf("r.html")}),
        FailsWith(kWrongUsage, "--report-libvpx compares controllers"));
  }
}

TEST_F(BadInputTest, ExistingReportWithoutPermissionToReplaceIt) {
  MakeGood();
  const std::string report = folder_.Write("results/r.html", "precious");
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--report", report}),
              FailsWith(kWrongUsage, "r.html exists"));
}

TEST_F(BadInputTest, ExistingOutputWithoutPermissionToReplaceIt) {
  MakeGood();
  folder_.Write("results/out.webm", "precious");
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k"}),
              FailsWith(kWrongUsage, "out.webm exists: pass -y to replace it"));
}

TEST_F(BadInputTest, ExistingStatsWithoutPermissionToReplaceThem) {
  MakeGood();
  const std::string stats = folder_.Write("results/s.jsonl", "precious");
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k", "--stats", stats}),
              FailsWith(kWrongUsage, "s.jsonl exists"));
}

// The link would be replaced, and what it pointed to lost from sight.
TEST_F(BadInputTest, DanglingLinkAsOutputWithoutPermissionToReplaceIt) {
  MakeGood();
  fs::create_symlink("nowhere.webm", output_);
  EXPECT_THAT(EncodeWith({"--target-bitrate", "100k"}),
              FailsWith(kWrongUsage, "exists: pass -y to replace it"));
}

TEST_F(BadInputTest, TargetBitratesThatAreNone) {
  MakeGood();
  for (const char* bitrate : {"0", "-1", "-512k", "1", "100T", "", "abc", "nan",
                              "inf", "1e3", "0x100", "512kk", "5 k", "k"}) {
    SCOPED_TRACE(bitrate);
    EXPECT_THAT(EncodeWith({"--target-bitrate", bitrate}),
                FailsWith(kWrongUsage, "bitrate"));
  }
}

TEST_F(BadInputTest, MissingTargetBitrate) {
  MakeGood();
  for (const char* controller : {"feedback", "libvpx"}) {
    EXPECT_THAT(EncodeWith({"--controller", controller}),
                FailsWith(kWrongUsage, "needs --target-bitrate"));
  }
}

TEST_F(BadInputTest, FlagsWithValuesOutOfPlace) {
  MakeGood();
  const struct {
    const char* flag;
    std::vector<std::string> values;
    const char* want;
  } kCases[] = {
      {"--controller", {"nope", "", "LIBVPX"}, "there is no controller"},
      {"--cpu-used", {"9", "-1", "abc", "", "1.5"}, "cpu-used"},
      {"--threads", {"0", "-1", "abc"}, "threads"},
      {"--size",
       {"0x0", "abc", "99999x99999", "64", "64x", "-2x2", ""},
       "size"},
      {"--height", {"0", "-1", "99999", "abc"}, "height"},
      {"--frames", {"0", "-1", "abc"}, "frames"},
      {"--attempts", {"0", "-1", "9", "abc"}, "attempts"},
      {"--effort", {"0", "-1", "9", "abc", ""}, "effort"},
      {"--chunks",
       {"0", "-1", "65", "abc", "", "1.5", "Auto", "99999999999"},
       "is not auto or a number from 1 to 64"},
      {"--start", {"-1", "abc", "nan", "1:2:3:4", ""}, "time"},
      {"--duration", {"0", "abc", "-1"}, ""},
      {"--lag-in-frames", {"26", "-1"}, "lag-in-frames"},
      {"--auto-alt-ref", {"2", "-1"}, "auto-alt-ref"},
  };
  for (const auto& c : kCases) {
    for (const std::string& value : c.values) {
      SCOPED_TRACE(std::string(c.flag) + " " + value);
      EXPECT_THAT(EncodeWith({"--target-bitrate=100k", c.flag, value}),
                  FailsWith(kWrongUsage, c.want));
    }
  }
}

TEST_F(BadInputTest, AttemptsOfAControllerThatDoesNotExplore) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--target-bitrate=100k", "--controller=libvpx",
                          "--attempts=2"}),
              FailsWith(kWrongUsage, "libvpx does the same each time"));
}

TEST_F(BadInputTest, EffortOfAControllerThatDoesNotPlanWithTheEncoder) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--target-bitrate=100k", "--controller=libvpx",
                          "--effort=2"}),
              FailsWith(kWrongUsage,
                        "libvpx does not plan with the encoder: an effort "
                        "above 1 is for feedback"));
}

TEST_F(BadInputTest, ChunksWithEffort) {
  MakeGood();
  EXPECT_THAT(
      EncodeWith({"--target-bitrate=100k", "--chunks=auto", "--effort=2"}),
      FailsWith(kWrongUsage, "--chunks and --effort"));
}

TEST_F(BadInputTest, ChunksOfAControllerThatEncodesAWhole) {
  MakeGood();
  for (const char* controller : {"libvpx", "libvpx-q"}) {
    EXPECT_THAT(EncodeWith({"--target-bitrate=100k", "--chunks=auto",
                            "--controller", controller}),
                FailsWith(kWrongUsage, "encodes a video as a whole"));
  }
}

TEST_F(BadInputTest, LevelsOutOfRange) {
  MakeGood();
  EXPECT_THAT(EncodeWith({"--controller=constant-q", "--q-index=0"}),
              FailsWith(kWrongUsage, "--q-index 0 is not in [1, 255]"));
  EXPECT_THAT(EncodeWith({"--controller=constant-q", "--q-index=256"}),
              FailsWith(kWrongUsage, "--q-index 256 is not in [1, 255]"));
  EXPECT_THAT(EncodeWith({"--controller=libvpx-q", "--cq-level=64"}),
              FailsWith(kWrongUsage, "--cq-level 64 is not in [0, 63]"));
}

TEST_F(BadInputTest, SizeAndHeightAtOnce) {
  MakeGood();
  EXPECT_THAT(
      EncodeWith({"--target-bitrate=100k", "--size=32x32", "--height=32"}),
      FailsWith(kWrongUsage, "--height"));
}

TEST(CommandLineTest, HasToNameAVerbAndItsArguments) {
  const struct {
    Arguments arguments;
    const char* want;
  } kCases[] = {
      {{}, "encode"},
      {{"frobnicate"}, "frobnicate"},
      {{"encode"}, "input"},
      {{"encode", "in.mp4"}, "--output"},
      {{"encode", "in.mp4", "-o"}, "--output"},
      {{"encode", "in.mp4", "-o", "out.webm", "--frobnicate"}, "--frobnicate"},
      {{"evaluate"}, "--clips"},
      {{"evaluate", "--clips", "."}, "--out"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(MuzeroRc(c.arguments), FailsWith(kWrongUsage, c.want));
  }
}

}  // namespace
}  // namespace cli
