// What `encode --chunks` makes, of a video with a key frame every 30 frames.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

constexpr int kFrames = 100;

class ChunksTest : public testing::Test {
 protected:
  // Encodes a clip to `output` and has it decoded and checked.
  ProgramResult Encode(const std::string& output,
                       const Arguments& flags) const {
    const ProgramResult result = MuzeroRc(
        Joined({"encode", clip_, "-o", output, "--cpu-used", "8", "--verify",
                "-y", "--target-bitrate=150k", "--kf-max-dist=30", "--json"},
               flags));
    EXPECT_THAT(result, Succeeds());
    return result;
  }
  std::string Output(const std::string& name) const {
    return folder_.PathOf(name);
  }

  const MediaFolder folder_;
  const std::string clip_ = folder_.MakeVideo("in.mp4", "160x96", "25", kFrames,
                                              {"-g", "12", "-bf", "2"});
};

TEST_F(ChunksTest, MakesOneVideoInEveryContainer) {
  for (const char* name : {"o.webm", "o.mkv", "o.mp4", "o.ivf"}) {
    SCOPED_TRACE(name);
    const json result =
        json::parse(Encode(Output(name), {"--chunks=auto"}).out);
    EXPECT_EQ(result["chunks"], 3);
    EXPECT_EQ(result["frames"], kFrames);
    EXPECT_EQ(result["verified"], true);
    EXPECT_LE(result["overshoot"], 0.01);
    const std::vector<double> times = FrameTimes(Output(name));
    ASSERT_THAT(times, SizeIs(kFrames));
    for (int i = 0; i < kFrames; ++i) {
      EXPECT_NEAR(times[static_cast<size_t>(i)], i / 25.0, 1e-3);
    }
  }
}

TEST_F(ChunksTest, TheSameBytesWhateverTheThreads) {
  Encode(Output("a.ivf"), {"--chunks=auto", "--threads=1"});
  Encode(Output("b.ivf"), {"--chunks=auto", "--threads=16"});
  EXPECT_TRUE(ReadFile(Output("a.ivf")) == ReadFile(Output("b.ivf")));
}

TEST_F(ChunksTest, OneChunkIsAnEncodeWithoutChunks) {
  Encode(Output("a.ivf"), {"--chunks=1"});
  Encode(Output("b.ivf"), {});
  EXPECT_TRUE(ReadFile(Output("a.ivf")) == ReadFile(Output("b.ivf")));
}

TEST_F(ChunksTest, MakesNoMoreThanAreAskedFor) {
  const json result = json::parse(Encode(Output("o.webm"), {"--chunks=2"}).out);
  EXPECT_EQ(result["chunks"], 2);
}

TEST_F(ChunksTest, SaysThatAShortVideoIsEncodedAsAWhole) {
  const ProgramResult result =
      Encode(Output("o.webm"), {"--chunks=auto", "--frames=40"});
  EXPECT_THAT(result.err, HasSubstr("note: the video is too short"));
  EXPECT_EQ(json::parse(result.out)["chunks"], 1);
  EXPECT_THAT(
      Encode(Output("o.webm"), {"--chunks=auto", "--frames=40", "-q"}).err,
      Not(HasSubstr("note:")));
}

TEST_F(ChunksTest, GoWithAttemptsSizesLevelsAndReports) {
  json result =
      json::parse(Encode(Output("o.webm"), {"--chunks=auto", "--attempts=2",
                                            "--stats=" + Output("s.jsonl"),
                                            "--report=" + Output("r.html")})
                      .out);
  EXPECT_THAT(result["attempts"], SizeIs(2));
  EXPECT_THAT(LinesWith("{", ReadFile(Output("s.jsonl"))),
              SizeIs(result["coded_frames"].get<size_t>()));
  EXPECT_THAT(ReadFile(Output("r.html")), Not(IsEmpty()));
  result = json::parse(
      Encode(Output("o.webm"), {"--chunks=auto", "--controller=constant-q"})
          .out);
  EXPECT_EQ(result["chunks"], 3);
}

TEST_F(ChunksTest, AimAtASize) {
  const ProgramResult result = MuzeroRc(
      {"encode", clip_, "-o", Output("o.webm"), "--cpu-used=8", "--json",
       "--target-size=60kB", "--kf-max-dist=30", "--chunks=auto"});
  ASSERT_THAT(result, Succeeds());
  const json said = json::parse(result.out);
  EXPECT_EQ(said["chunks"], 3);
  EXPECT_LE(said["file_bytes"], 60000);
}

TEST_F(ChunksTest, ReadAndWritePipes) {
  const Arguments script = {
      "bash", "-c",
      "set -o pipefail; ffmpeg -v error -i \"$0\" -f yuv4mpegpipe - | \"$@\" > "
      "\"$0.webm\"",
      clip_};
  const ProgramResult result = testing_support::RunProgram(
      Joined(script, MuzeroRcCommand({"encode", "-", "-o", "-", "--cpu-used=8",
                                      "--target-bitrate=150k",
                                      "--kf-max-dist=30", "--chunks=auto"})));
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(FrameTimes(clip_ + ".webm"), SizeIs(kFrames));
}

}  // namespace
}  // namespace cli
