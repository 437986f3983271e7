// --help and --version.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::ProgramResult;

const std::vector<std::string> kEncoderFlags = {
    "--cpu-used",      "--lag-in-frames",  "--auto-alt-ref", "--enable-tpl",
    "--row-mt",        "--tile-columns",   "--tile-rows",    "--kf-max-dist",
    "--kf-min-dist",   "--frame-parallel", "--aq-mode",      "--arnr-maxframes",
    "--arnr-strength", "--tune-content",   "--threads",      "--key-offset",
    "--arf-offset",    "--golden-offset",  "--json",         "-q,--quiet"};

void ExpectHelpOf(const std::string& verb,
                  const std::vector<std::string>& flags) {
  const ProgramResult result = MuzeroRc({verb, "--help"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr("Example"));
  for (const std::string& flag : flags) {
    EXPECT_THAT(result.out, HasSubstr("  " + flag));
  }
  for (const std::string& flag : kEncoderFlags) {
    EXPECT_THAT(result.out, HasSubstr("  " + flag));
  }
}

TEST(HelpTest, NamesTheVerbsAndExitStatuses) {
  const ProgramResult result = MuzeroRc({"--help"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, AllOf(HasSubstr("encode"), HasSubstr("evaluate"),
                                HasSubstr("Exit status")));
}

TEST(HelpTest, ExplainsEveryFlagOfEncode) {
  ExpectHelpOf("encode", {"input", "-o,--output", "--target-bitrate",
                          "--controller", "-y", "--stats", "--size", "--height",
                          "--start", "--duration", "--frames", "--q-index",
                          "--cq-level", "--audio", "--audio-bitrate",
                          "--verify", "--target-size", "--out-dir", "--jobs"});
}

TEST(HelpTest, ExplainsEveryFlagOfEvaluate) {
  ExpectHelpOf("evaluate",
               {"--clips", "--out", "--controllers", "--targets",
                "--scale-targets", "--anchor", "--split", "--jobs", "--frames",
                "--max-height", "--q-indices", "--cq-levels"});
}

TEST(HelpTest, ExplainsEveryFlagOfWrap) {
  const ProgramResult result = MuzeroRc({"wrap", "--help"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("  --controller"), HasSubstr("  --model"),
                    HasSubstr("  --simulations"), HasSubstr("  -q,--quiet"),
                    HasSubstr("  command"), HasSubstr("Examples")));
}

TEST(HelpTest, VersionNamesTheLibrariesToo) {
  const ProgramResult result = MuzeroRc({"--version"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, AllOf(HasSubstr("muzero-rc "), HasSubstr("libvpx "),
                                HasSubstr("FFmpeg ")));
}

}  // namespace
}  // namespace cli
