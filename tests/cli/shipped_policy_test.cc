// The trained policy that comes with the program, as users meet it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using testing_support::RunProgram;
using Arguments = std::vector<std::string>;

class ShippedPolicyTest : public testing::Test {
 protected:
  Arguments EncodeArguments(const Arguments& flags = {}) const {
    return Joined({"encode", input_, "-o", output_, "-y", "--json",
                   "--cpu-used=8", "--target-bitrate=100k"},
                  flags);
  }

  const MediaFolder folder_;
  const std::string input_ = folder_.MakeVideo("in.mp4", "96x64", "25", 40);
  const std::string output_ = folder_.PathOf("out.webm");
};

TEST_F(ShippedPolicyTest, PlansWhereNoModelIsNamed) {
  ASSERT_THAT(MuzeroRc(EncodeArguments({"--model", SHIPPED_MODEL})),
              Succeeds());
  const std::string named = ReadFile(output_);
  const ProgramResult result = MuzeroRc(EncodeArguments());
  ASSERT_THAT(result, Succeeds());
  EXPECT_TRUE(ReadFile(output_) == named);
  EXPECT_EQ(json::parse(result.out)["fallback_frames"], 0);
  EXPECT_THAT(MuzeroRc({"wrap", "--controller", "muzero", "--", "true"}),
              Succeeds());
}

TEST_F(ShippedPolicyTest, ChoosesWhereNoControllerIsNamed) {
  const auto controller = [&](const Arguments& flags) {
    const ProgramResult result = MuzeroRc(EncodeArguments(flags));
    EXPECT_THAT(result, Succeeds());
    return json::parse(result.out)["controller"].get<std::string>();
  };
  EXPECT_EQ(controller({}), "muzero");
  EXPECT_EQ(controller({"--attempts", "2"}), "muzero");
  EXPECT_EQ(controller({"--controller", "feedback"}), "feedback");
}

TEST_F(ShippedPolicyTest, LeavesToFeedbackWhatOnlyFeedbackDoes) {
  for (const Arguments& flags :
       {Arguments{"--chunks", "2"}, Arguments{"--effort", "2"}}) {
    const ProgramResult result = MuzeroRc(EncodeArguments(flags));
    ASSERT_THAT(result, Succeeds());
    EXPECT_EQ(json::parse(result.out)["controller"], "feedback") << flags[0];
    EXPECT_THAT(
        MuzeroRc(Joined(EncodeArguments(flags), {"--controller", "muzero"})),
        FailsWith(2, "muzero"));
  }
}

TEST_F(ShippedPolicyTest, IsEvaluatedWhereNoControllersAreNamed) {
  const std::string out = folder_.PathOf("out");
  ASSERT_THAT(MuzeroRc({"evaluate", "--clips", input_, "--cpu-used=8",
                        "--targets=40k,80k,120k,160k", "--out", out}),
              Succeeds());
  const json summary = json::parse(ReadFile(out + "/summary.json"));
  std::vector<std::string> names;
  for (const auto& [name, _] : summary["controllers"].items()) {
    names.push_back(name);
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("libvpx", "feedback", "muzero"));
}

TEST_F(ShippedPolicyTest, IsAskedForWhereItIsMissing) {
  const std::string program = folder_.PathOf("muzero-rc");
  fs::copy_file(MuzeroRcCommand({}).front(), program);
  EXPECT_THAT(
      RunProgram(Joined({program}, EncodeArguments())),
      FailsWith(2, "needs --model FILE: policy.safetensors is neither in " +
                       folder_.path()));
  EXPECT_THAT(RunProgram(Joined({program},
                                EncodeArguments({"--controller", "feedback"}))),
              Succeeds());
  EXPECT_THAT(RunProgram({program, "wrap", "--controller", "muzero", "true"}),
              FailsWith(2, "needs --model FILE"));
}

TEST_F(ShippedPolicyTest, IsSmall) {
  EXPECT_LE(fs::file_size(SHIPPED_MODEL), 8'000'000u);
}

}  // namespace
}  // namespace cli
