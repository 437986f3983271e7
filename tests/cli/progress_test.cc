// The progress line, in a terminal and elsewhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::Subprocess;

class ProgressTest : public testing::Test {
 protected:
  ProgramResult Encode(Subprocess::ErrorsTo errors_to,
                       const std::vector<std::string>& flags) const {
    std::vector<std::string> arguments = {
        "encode",
        folder_.MakeVideo("in.mp4", "160x96", "25", 80),
        "-o",
        folder_.PathOf("out.webm"),
        "--target-bitrate=100k",
        "--cpu-used=2",
        "--threads=1"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    Subprocess encode(MuzeroRcCommand(arguments), errors_to);
    return encode.Wait(std::chrono::seconds(60));
  }

  const MediaFolder folder_;
};

TEST_F(ProgressTest, TellsPassFrameSpeedBitrateAndTimeLeftInATerminal) {
  const ProgramResult result = Encode(Subprocess::ErrorsTo::kTerminal, {});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, ContainsRegex("pass 1/2  frame [0-9]+/80"));
  EXPECT_THAT(result.err,
              ContainsRegex("pass 2/2  frame [0-9]+/80  [0-9.]+ fps  "
                            "[0-9]+ kbit/s  ETA [0-9]+:[0-9][0-9]"));
}

TEST_F(ProgressTest, IsRedrawnInPlaceAndRemovedAtTheEnd) {
  const ProgramResult result = Encode(Subprocess::ErrorsTo::kTerminal, {});
  EXPECT_THAT(result.err, HasSubstr("\rpass 2/2"));
  EXPECT_THAT(result.err, Not(HasSubstr("\n")));
  EXPECT_THAT(result.err, EndsWith(" \r"));
}

TEST_F(ProgressTest, IsNotShownIfQuiet) {
  EXPECT_THAT(Encode(Subprocess::ErrorsTo::kTerminal, {"--quiet"}).err,
              IsEmpty());
}

TEST_F(ProgressTest, IsPlainLinesOutsideATerminal) {
  const ProgramResult result = Encode(Subprocess::ErrorsTo::kPipe, {});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, Not(HasSubstr("\r")));
  EXPECT_EQ(LinesWith("pass ", result.err), LinesWith("", result.err));
}

}  // namespace
}  // namespace cli
