// `encode` from standard input and to standard output.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using testing_support::Subprocess;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

// Runs `script` with bash, where "$@" is the program with `arguments`.
Arguments Script(const std::string& script, const Arguments& arguments) {
  Arguments command = {"bash", "-c", "set -o pipefail; " + script, "bash"};
  for (const std::string& word : MuzeroRcCommand(arguments)) {
    command.push_back(word);
  }
  return command;
}

class PipeTest : public testing::Test {
 protected:
  PipeTest() { fs::create_directory(folder_.PathOf("tmp")); }

  // Runs `script` of `encode INPUT -o OUTPUT` with a folder of its own for
  // temporary files; checks that nothing is left there.
  ProgramResult Run(const std::string& script, const std::string& input,
                    const std::string& output,
                    const Arguments& flags = {}) const {
    const ProgramResult result =
        testing_support::RunProgram(Command(script, input, output, flags));
    EXPECT_TRUE(fs::is_empty(folder_.PathOf("tmp")));
    return result;
  }

  Arguments Command(const std::string& script, const std::string& input,
                    const std::string& output,
                    const Arguments& flags = {}) const {
    Arguments arguments = {"encode", input,          "-o",
                           output,   "--cpu-used=8", "--target-bitrate=100k"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return Script("export TMPDIR=" + folder_.PathOf("tmp") + "; " + script,
                  arguments);
  }

  std::string MakeClip() const {
    return folder_.Make(
        "in.mkv", {"-f", "lavfi", "-i", "testsrc2=s=96x64:r=30000/1001:d=2",
                   "-f", "lavfi", "-i", "sine=d=2:r=48000", "-c:v", "libx264",
                   "-c:a", "libopus"});
  }

  std::string MakeY4m() const {
    return folder_.MakeVideo("in.y4m", "64x48", "25", 12,
                             {"-pix_fmt", "yuv420p"});
  }

  const MediaFolder folder_;
  const std::string output_ = folder_.PathOf("out.webm");
};

TEST_F(PipeTest, WritesAStreamThatIsReadWhole) {
  const std::string clip = MakeClip();
  const ProgramResult result = Run("\"$@\" | cat > " + output_, clip, "-");
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err,
              MatchesRegex("standard output: 60 frames, .*, audio opus .*\n"));
  EXPECT_THAT(FrameTimes(output_), SizeIs(60));
  EXPECT_EQ(StreamField(output_, "r_frame_rate"), "30000/1001");
  const ProgramResult piped = testing_support::RunProgram(
      {"sh", "-c",
       "cat '" + output_ +
           "' | ffprobe -v error -count_packets -show_entries "
           "stream=codec_name,nb_read_packets -of csv=p=0 -"});
  EXPECT_THAT(piped.err, IsEmpty());
  EXPECT_THAT(piped.out, MatchesRegex("vp9,60\nopus,10[0-9]\n"));
}

TEST_F(PipeTest, StreamsTheFramesThatAFileHas) {
  const std::string clip = MakeClip();
  Run("\"$@\" > " + output_, clip, "-");
  const std::string file = folder_.PathOf("file.webm");
  Run("\"$@\"", clip, file);
  const auto frames_of = [](const std::string& path) {
    return testing_support::RunProgram({"ffmpeg", "-v", "error", "-i", path,
                                        "-c", "copy", "-f", "framemd5", "-"})
        .out;
  };
  EXPECT_THAT(frames_of(file), HasSubstr("\n0, "));
  EXPECT_EQ(frames_of(output_), frames_of(file));
}

// What comes first can be read before the last is coded.
TEST_F(PipeTest, StreamsPacketsAsTheyCome) {
  const std::string clip = folder_.MakeVideo("in.mp4", "320x192", "25", 300);
  Subprocess encode(
      Command("\"$@\" | { head -c 4000 > /dev/null; echo first part >&2; "
              "cat > /dev/null; }",
              clip, "-", {"--threads=1"}),
      Subprocess::ErrorsTo::kTerminal);
  const ProgramResult result = encode.Wait(seconds(60));
  EXPECT_EQ(result.exit_status, 0) << result;
  const size_t first_part = result.err.find("first part");
  ASSERT_NE(first_part, std::string::npos);
  EXPECT_THAT(result.err.substr(first_part), HasSubstr("pass 2/2  frame"));
}

TEST_F(PipeTest, SaysThatTheReaderIsGone) {
  const ProgramResult result =
      Run("\"$@\" | head -c 10 > /dev/null", MakeClip(), "-");
  EXPECT_THAT(result, FailsWith(kFailed,
                                "cannot write to standard output: "
                                "whoever read it has closed it"));
}

TEST_F(PipeTest, SaysThatTheStreamHasNoPlace) {
  EXPECT_THAT(Run("exec \"$@\" > /dev/full", MakeClip(), "-"),
              FailsWith(kFailed, "standard output: No space left on device"));
}

// The next file that is opened would get their numbers.
TEST_F(PipeTest, SaysThatAStreamIsClosed) {
  EXPECT_THAT(Run("exec \"$@\" >&-", MakeClip(), "-"),
              FailsWith(kFailed, "standard output: Bad file descriptor"));
  EXPECT_THAT(Run("exec \"$@\" <&-", "-", output_),
              FailsWith(kFailed, "standard input: Bad file descriptor"));
}

TEST_F(PipeTest, WritesNoVideoToATerminal) {
  Subprocess encode(Command("exec \"$@\" >&2", MakeClip(), "-"),
                    Subprocess::ErrorsTo::kTerminal);
  const ProgramResult result = encode.Wait(seconds(60));
  EXPECT_EQ(result.exit_status, kWrongUsage);
  EXPECT_THAT(result.err, HasSubstr("standard output is a terminal"));
}

TEST_F(PipeTest, RefusesWhatAStreamDoesNotAllow) {
  const std::string clip = MakeClip();
  for (const char* flag : {"--json", "--verify"}) {
    EXPECT_THAT(Run("exec \"$@\"", clip, "-", {flag}),
                FailsWith(kWrongUsage, std::string(flag) +
                                           " needs an output that is a file"));
  }
  EXPECT_THAT(
      MuzeroRc({"encode", clip, "-o", "-", "--target-size=1MB"}),
      FailsWith(kWrongUsage, "--target-size needs an output that is a file"));
}

TEST_F(PipeTest, ReadsY4mAsItReadsTheFile) {
  const std::string clip = MakeY4m();
  const ProgramResult result =
      Run("cat " + clip + " | \"$@\"", "-", output_, {"--verify"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err,
              MatchesRegex("muzero-rc: note: .*standard input is kept in a "
                           "temporary file in " +
                           folder_.PathOf("tmp") + " until the end\n"));
  const std::string from_file = folder_.PathOf("file.webm");
  Run("\"$@\"", clip, from_file);
  EXPECT_TRUE(ReadFile(output_) == ReadFile(from_file));
}

TEST_F(PipeTest, GoesFromPipeToPipe) {
  const ProgramResult result = Run(
      "cat " + MakeY4m() + " | \"$@\" | cat > " + output_, "-", "-", {"-q"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, Not(HasSubstr("note")));
  EXPECT_THAT(FrameTimes(output_), SizeIs(12));
}

TEST_F(PipeTest, TakesNothingButY4mFromStandardInput) {
  const std::string clip = MakeClip();
  const struct {
    std::string script;
    const char* want;
  } kCases[] = {
      {"exec \"$@\" < /dev/null", "standard input: is empty"},
      {"printf 'no video' | \"$@\"", "standard input: is no YUV4MPEG2"},
      {"exec \"$@\" < " + clip, "standard input: is no YUV4MPEG2"},
      {"printf 'YUV4MPEG2 W64 H48 F25:1\\nFRAME\\nabc' | \"$@\"",
       "standard input: no frame"},
      {"printf 'YUV4MPEG2 nonsense' | \"$@\"",
       "standard input: cannot be read as a video"},
      {"TMPDIR=/nowhere; exec \"$@\" < /dev/null",
       "there is no folder /nowhere"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.script);
    EXPECT_THAT(Run(c.script, "-", output_), FailsWith(kFailed, c.want));
    EXPECT_FALSE(fs::exists(output_));
  }
}

TEST_F(PipeTest, SaysThatTheTemporaryFileHasNoPlace) {
  const ProgramResult result = Run(
      "cat " + MakeY4m() + " | prlimit --fsize=20000 -- \"$@\"", "-", output_);
  EXPECT_THAT(
      result,
      FailsWith(kFailed, "temporary file of standard input: File too large"));
}

TEST_F(PipeTest, EndsWhereNothingComesAnyMore) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Subprocess encode(Command(
        "exec \"$@\" < <(printf 'YUV4MPEG2 '; exec sleep 10 2> /dev/null)", "-",
        output_));
    ASSERT_TRUE(encode.WaitForErrorText("temporary file", seconds(60)));
    encode.Send(signal);
    const ProgramResult result = encode.Wait(seconds(5));
    EXPECT_EQ(result.exit_status, 128 + signal) << result;
    EXPECT_THAT(result.err, HasSubstr("interrupted"));
    EXPECT_TRUE(fs::is_empty(folder_.PathOf("tmp")));
    EXPECT_FALSE(fs::exists(output_));
  }
}

}  // namespace
}  // namespace cli
