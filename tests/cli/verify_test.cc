// What `encode --verify` finds in the files that it makes: what was put there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using Arguments = std::vector<std::string>;

class VerifyTest : public testing::Test {
 protected:
  // Encodes `input` to a file of this name with --verify.
  ProgramResult Encode(const std::string& input, const std::string& name,
                       const Arguments& flags = {}) const {
    Arguments arguments = {
        "encode",   input,   "-o",           folder_.PathOf(name),
        "-y",       "-q",    "--cpu-used=8", "--target-bitrate=100k",
        "--verify", "--json"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return MuzeroRc(arguments);
  }

  const MediaFolder folder_;
};

TEST_F(VerifyTest, HoldsForEveryContainerAndPart) {
  const std::string clip = folder_.Make(
      "in.mp4", {"-f", "lavfi", "-i", "testsrc2=s=64x48:r=30000/1001:d=2", "-f",
                 "lavfi", "-i", "sine=d=2.3:r=44100", "-c:a", "aac"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4", "out.ivf"}) {
    for (const Arguments& part :
         {Arguments(), Arguments({"--start=0.5", "--duration=1"})}) {
      SCOPED_TRACE(name + testing::PrintToString(part));
      const ProgramResult result = Encode(clip, name, part);
      EXPECT_THAT(result, Succeeds());
      EXPECT_THAT(result.out, HasSubstr("\"verified\": true"));
    }
  }
}

// MP4 has them in a stream of their own.
TEST_F(VerifyTest, HoldsWithChapters) {
  const std::string chapters = folder_.Write(
      "chapters.txt",
      ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=One\n"
      "[CHAPTER]\nTIMEBASE=1/1\nSTART=1\nEND=2\ntitle=Two\n");
  const std::string clip =
      folder_.Make("in.mkv", {"-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2",
                              "-f", "lavfi", "-i", "sine=d=2", "-i", chapters,
                              "-map_chapters", "2"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    EXPECT_THAT(Encode(clip, name), Succeeds()) << name;
  }
}

TEST_F(VerifyTest, HoldsForAVariableFrameRateAndForOneFrame) {
  const std::string varying = folder_.Make(
      "varying.mkv", {"-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-vf",
                      "select='not(mod(n,3))+not(mod(n,7))'", "-vsync", "vfr"});
  const std::string single = folder_.MakeVideo("one.mp4", "64x48", "25", 1);
  for (const std::string& clip : {varying, single}) {
    for (const char* name : {"out.webm", "out.mp4"}) {
      EXPECT_THAT(Encode(clip, name), Succeeds()) << clip << name;
    }
  }
}

TEST_F(VerifyTest, IsSaidOnlyWhereItWasDone) {
  const std::string clip = folder_.MakeVideo("in.mp4", "64x48", "25", 10);
  const ProgramResult result =
      MuzeroRc({"encode", clip, "-o", folder_.PathOf("out.webm"),
                "--target-bitrate=100k", "--json"});
  EXPECT_EQ(json::parse(result.out)["verified"], false);
}

}  // namespace
}  // namespace cli
