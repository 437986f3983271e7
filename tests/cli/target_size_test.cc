// Files of the size that `encode --target-size` is asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
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
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

class TargetSizeTest : public testing::Test {
 protected:
  // Three seconds of video and noise.
  std::string MakeClip(const std::string& audio_codec = "libopus") const {
    return folder_.Make(
        "in.mkv", {"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=3", "-f",
                   "lavfi", "-i", "anoisesrc=d=3:r=48000:c=pink", "-c:v",
                   "libx264", "-c:a", audio_codec});
  }

  ProgramResult Run(const std::string& input, const std::string& name,
                    const std::string& size, const Arguments& flags) const {
    Arguments arguments = {
        "encode", input,    "-o",           folder_.PathOf(name), "-y",
        "-q",     "--json", "--cpu-used=8", "--target-size",      size};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return MuzeroRc(arguments);
  }

  // Checks that the file is as large as was asked for; returns the result.
  json Encode(const std::string& input, const std::string& name, int64_t size,
              const Arguments& flags = {}) const {
    const ProgramResult result = Run(input, name, std::to_string(size), flags);
    EXPECT_THAT(result, Succeeds());
    EXPECT_THAT(result.err, IsEmpty());
    const auto found =
        static_cast<int64_t>(fs::file_size(folder_.PathOf(name)));
    EXPECT_THAT(found, AllOf(Le(size), Ge((size * 99 + 99) / 100)));
    EXPECT_THAT(FrameTimes(folder_.PathOf(name)), SizeIs(75));
    json object = json::parse(result.out);
    EXPECT_EQ(object["file_bytes"], found);
    EXPECT_EQ(object["target_bytes"], size);
    return object;
  }

  const MediaFolder folder_;
};

TEST_F(TargetSizeTest, IsMetWithSoundThatIsCopied) {
  const std::string clip = MakeClip();
  for (const char* name : {"out.webm", "out.mp4"}) {
    for (const int64_t size : {70'000, 110'000}) {
      SCOPED_TRACE(testing::Message() << name << " " << size);
      const json result = Encode(clip, name, size, {"--verify"});
      EXPECT_EQ(result["audio"][0]["copied"], true);
    }
  }
}

TEST_F(TargetSizeTest, IsMetWithSoundThatIsCoded) {
  const std::string clip = MakeClip("flac");
  for (const char* name : {"out.webm", "out.mkv"}) {
    SCOPED_TRACE(name);
    const json result = Encode(clip, name, 70'000, {"--audio-bitrate=48k"});
    EXPECT_EQ(result["audio"][0]["copied"], false);
  }
}

TEST_F(TargetSizeTest, IsMetWithoutSound) {
  const std::string clip = MakeClip();
  for (const int64_t size : {30'000, 60'000}) {
    SCOPED_TRACE(size);
    Encode(clip, "out.webm", size, {"--audio=none"});
    Encode(clip, "out.ivf", size, {"--audio=none"});
  }
}

TEST_F(TargetSizeTest, IsMetByLibvpxAndByTheBestOfAttempts) {
  const std::string clip = MakeClip();
  Encode(clip, "out.webm", 100'000, {"--controller=libvpx"});
  const json result = Encode(clip, "out.webm", 100'000, {"--attempts=2"});
  EXPECT_THAT(result["attempts"], SizeIs(2));
}

TEST_F(TargetSizeTest, TellsTheFramesOfTheEncodeThatIsKept) {
  const std::string stats = folder_.PathOf("stats.jsonl");
  const json result =
      Encode(MakeClip(), "out.webm", 100'000, {"--stats", stats});
  int64_t bits = 0;
  for (const std::string& line :
       LinesWith("", testing_support::ReadFile(stats))) {
    bits += json::parse(line)["bits"].get<int64_t>();
  }
  const auto bytes = result["bytes"].get<int64_t>();
  EXPECT_THAT(bits, AllOf(Le(bytes * 8), Ge(bytes * 8 * 98 / 100)));
}

TEST_F(TargetSizeTest, SaysWhereTheVideoCannotFillIt) {
  const std::string black = folder_.Make(
      "black.mp4",
      {"-f", "lavfi", "-i", "color=black:s=64x48:r=25", "-frames:v", "25"});
  const ProgramResult result = Run(black, "out.webm", "1MB", {});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("% below --target-size"));
  EXPECT_THAT(LinesWith("muzero-rc: warning: ", result.err), SizeIs(1));
  EXPECT_LT(fs::file_size(folder_.PathOf("out.webm")), 100'000);
}

TEST_F(TargetSizeTest, ThatCannotBeMetLeavesNothing) {
  const std::string clip = MakeClip();
  const auto before = ContentsOf(folder_.PathOf(""));
  EXPECT_THAT(Run(clip, "out.webm", "10kB", {}),
              FailsWith(kFailed, "so that at least "));
  EXPECT_THAT(Run(clip, "out.webm", "2kB", {"--audio=none"}),
              FailsWith(kFailed, "the smallest of "));
  EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == before);
}

TEST_F(TargetSizeTest, ThatIsNoneIsRefused) {
  const std::string clip = folder_.MakeVideo("in.mp4", "64x48", "25", 5);
  const auto before = ContentsOf(folder_.PathOf(""));
  for (const char* size :
       {"", "8M", "-1", "abc", "0", "8 MB", "1e6", "2000GB"}) {
    EXPECT_THAT(Run(clip, "out.webm", size, {}), FailsWith(kWrongUsage, "size"))
        << size;
  }
  EXPECT_THAT(Run(clip, "out.webm", "1MB", {"--target-bitrate=100k"}),
              FailsWith(kWrongUsage, "--target-bitrate"));
  for (const char* controller : {"constant-q", "libvpx-q"}) {
    EXPECT_THAT(
        Run(clip, "out.webm", "1MB", {"--controller", controller}),
        FailsWith(kWrongUsage, "needs a controller that aims at a bitrate"));
  }
  EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == before);
}

}  // namespace
}  // namespace cli
