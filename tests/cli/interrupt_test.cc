// What SIGINT (Ctrl-C) and SIGTERM leave of an encode: nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/cli/policy_file.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::Subprocess;

// How many processes have a file of `folder` on their command lines.
int NumProcessesOf(const MediaFolder& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string command((std::istreambuf_iterator<char>(file)),
                              std::istreambuf_iterator<char>());
    count += command.find(folder.PathOf("out.webm")) != std::string::npos;
  }
  return count;
}

// Whether there soon is none any more.
bool AllProcessesEnd(const MediaFolder& folder) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(5);
  while (NumProcessesOf(folder) > 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

class InterruptTest : public testing::Test {
 protected:
  // Starts an encode of `frames` frames that takes long, by `controller` and
  // with what flags go with it, and waits until its progress line says `place`.
  std::unique_ptr<Subprocess> StartSlowEncode(
      const std::string& controller, int frames, const std::string& place,
      const std::vector<std::string>& flags = {}) {
    const std::string input =
        folder_.MakeVideo("in.mp4", "640x360", "25", frames, {"-c:v", "mpeg4"});
    contents_before_ = ContentsOf(folder_.PathOf(""));
    std::vector<std::string> arguments = {"encode",
                                          input,
                                          "-o",
                                          folder_.PathOf("out.webm"),
                                          "--stats",
                                          folder_.PathOf("stats.jsonl"),
                                          "--report",
                                          folder_.PathOf("report.html"),
                                          "--target-bitrate=400k",
                                          "--cpu-used=0",
                                          "--threads=1",
                                          "--controller",
                                          controller};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    auto encode = std::make_unique<Subprocess>(MuzeroRcCommand(arguments),
                                               Subprocess::ErrorsTo::kTerminal);
    EXPECT_TRUE(encode->WaitForErrorText(place, seconds(60)));
    EXPECT_FALSE(ContentsOf(folder_.PathOf("")) == contents_before_);
    return encode;
  }

  void ExpectEndWithoutATrace(Subprocess& encode, int signal) const {
    encode.Send(signal);
    const ProgramResult result = encode.Wait(seconds(5));
    EXPECT_EQ(result.exit_status, 128 + signal) << result;
    EXPECT_THAT(result.err, HasSubstr("muzero-rc: error: interrupted"));
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == contents_before_);
  }

  const MediaFolder folder_;
  std::map<std::string, std::string> contents_before_;
};

TEST_F(InterruptTest, EndsPassOneAndLeavesNothing) {
  const auto encode = StartSlowEncode("feedback", 600, "pass 1/2");
  ExpectEndWithoutATrace(*encode, SIGINT);
}

TEST_F(InterruptTest, EndsPassTwoAndLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto encode = StartSlowEncode("feedback", 100, "pass 2/2  frame 1");
    ExpectEndWithoutATrace(*encode, signal);
  }
}

TEST_F(InterruptTest, EndsPassTwoInChunksAndLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto encode = StartSlowEncode("feedback", 100, "pass 2/2  frame 1",
                                        {"--chunks=auto", "--kf-max-dist=30"});
    ExpectEndWithoutATrace(*encode, signal);
  }
}

TEST_F(InterruptTest, EndsPassTwoOfLibvpxAndLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto encode = StartSlowEncode("libvpx", 100, "pass 2/2  frame 1");
    ExpectEndWithoutATrace(*encode, signal);
  }
}

TEST_F(InterruptTest, EndsAPlannedPassTwoAndLeavesNothing) {
  const std::vector<std::string> model = {
      "--model",
      SavePolicy(RandomPolicy(1), folder_.PathOf("policy.safetensors"))};
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto encode =
        StartSlowEncode("muzero", 100, "pass 2/2  frame 1", model);
    ExpectEndWithoutATrace(*encode, signal);
  }
}

TEST_F(InterruptTest, EndsAllProcessesOfAnEffort) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto encode =
        StartSlowEncode("feedback", 100, "pass 2/2  frame 1", {"--effort=3"});
    EXPECT_GT(NumProcessesOf(folder_), 2);
    ExpectEndWithoutATrace(*encode, signal);
    EXPECT_TRUE(AllProcessesEnd(folder_));
  }
}

TEST_F(InterruptTest, KilledTakesAllProcessesOfAnEffortWithIt) {
  const auto encode =
      StartSlowEncode("feedback", 100, "pass 2/2  frame 1", {"--effort=3"});
  EXPECT_GT(NumProcessesOf(folder_), 2);
  encode->Send(SIGKILL);
  EXPECT_TRUE(AllProcessesEnd(folder_));
}

// With no more frames than libvpx looks ahead, all of them are coded inside the
// call that flushes it, which libvpx's own rate control never leaves early.
TEST_F(InterruptTest, EndsTheFlushAndLeavesNothing) {
  for (const char* controller : {"feedback", "libvpx"}) {
    for (const int signal : {SIGINT, SIGTERM}) {
      const auto encode = StartSlowEncode(controller, 24, "pass 2/2");
      encode->WaitForErrorText("never said", seconds(1));
      ExpectEndWithoutATrace(*encode, signal);
    }
  }
}

}  // namespace
}  // namespace cli
