// What `--controller muzero` does, with networks that have learned nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/policy_file.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class MuzeroControllerTest : public testing::Test {
 protected:
  // Encodes 40 frames of 96x64 at 100 kbit/s with the model at `model`.
  ProgramResult Encode(const std::string& model,
                       const Arguments& flags = {}) const {
    Arguments arguments = {"encode",       input_,   "-o",
                           output_,        "-y",     "--cpu-used=8",
                           "--controller", "muzero", "--model",
                           model,          "--json", "--target-bitrate=100k"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return MuzeroRc(arguments);
  }

  // Compares muzero with feedback on the clip.
  ProgramResult Evaluate(const std::string& model,
                         const std::string& jobs = "2") const {
    return MuzeroRc({"evaluate", "--clips", input_, "--out",
                     folder_.PathOf("eval"), "--controllers", "feedback,muzero",
                     "--anchor", "feedback", "--model", model, "--targets",
                     "60k,90k,120k,150k", "--cpu-used", "8", "--jobs", jobs});
  }

  std::string Save(const muzero::Checkpoint& policy,
                   const std::string& name = "policy.safetensors") const {
    return SavePolicy(policy, folder_.PathOf(name));
  }

  std::string SaveNanPolicy() const {
    muzero::Checkpoint policy = RandomPolicy(1);
    FillWeights(kNan, policy);
    return Save(policy);
  }

  const MediaFolder folder_;
  const std::string input_ = folder_.MakeVideo("in.mp4", "96x64", "25", 40);
  const std::string output_ = folder_.PathOf("out.webm");
};

TEST_F(MuzeroControllerTest, PlansWhereAllFramesAreKeyFrames) {
  EXPECT_THAT(Encode(Save(RandomPolicy(1)), {"--kf-max-dist=0"}), Succeeds());
  EXPECT_THAT(FrameTimes(output_), SizeIs(40));
}

TEST_F(MuzeroControllerTest, ASecondAttemptKnowsWhatTheFirstOneCost) {
  const std::string model = Save(RandomPolicy(1));
  const auto encode = [&](const Arguments& flags) {
    Arguments arguments = {"encode",
                           input_,
                           "-o",
                           output_,
                           "-y",
                           "--json",
                           "--cpu-used=1",
                           "--target-bitrate=100k",
                           "--controller=muzero",
                           "--simulations=0",
                           "--model",
                           model};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProgramResult result = MuzeroRc(arguments);
    EXPECT_THAT(result, Succeeds());
    return json::parse(result.out);
  };
  const json alone = encode({});
  // A scout and one more, which does as `alone` did but for what it knows.
  const json attempts = encode({"--attempts=2"})["attempts"];
  ASSERT_THAT(attempts, SizeIs(2));
  EXPECT_EQ(attempts[0]["cpu_used"], 5);
  EXPECT_EQ(attempts[1]["cpu_used"], 1);
  EXPECT_NE(attempts[1]["psnr_db"], alone["psnr_db"]["mean"]);
}

TEST_F(MuzeroControllerTest, PlansEveryFrameAndSaysWhatItTook) {
  const ProgramResult result =
      Encode(Save(RandomPolicy(1)), {"--simulations=16"});
  ASSERT_THAT(result, Succeeds());
  const json encode = json::parse(result.out);
  EXPECT_THAT(FrameTimes(output_), SizeIs(40));
  EXPECT_EQ(encode["controller"], "muzero");
  EXPECT_EQ(encode["simulations"], 16 * encode["coded_frames"].get<int>());
  EXPECT_GT(encode["planning_seconds"], 0);
  EXPECT_GE(encode["guard_overrides"], 0);
  EXPECT_EQ(encode["fallback_frames"], 0);
}

TEST_F(MuzeroControllerTest, LandsOnTheTargetWhateverTheNetworkWants) {
  for (const uint64_t seed : {1, 2, 3}) {
    const ProgramResult result = Encode(Save(RandomPolicy(seed)));
    ASSERT_THAT(result, Succeeds());
    EXPECT_NEAR(json::parse(result.out)["bitrate_kbps"], 100, 5) << seed;
  }
}

TEST_F(MuzeroControllerTest, MakesTheSameFileTwice) {
  const std::string model = Save(RandomPolicy(1));
  EXPECT_THAT(Encode(model), Succeeds());
  const std::string first = ReadFile(output_);
  EXPECT_THAT(Encode(model, {"--threads", "2"}), Succeeds());
  EXPECT_EQ(ReadFile(output_), first);
}

TEST_F(MuzeroControllerTest, DoesWithoutSearch) {
  const ProgramResult result =
      Encode(Save(RandomPolicy(1)), {"--simulations", "0"});
  ASSERT_THAT(result, Succeeds());
  EXPECT_EQ(json::parse(result.out)["simulations"], 0);
}

TEST_F(MuzeroControllerTest, WritesWhatWasPlannedBesideWhatCameOfIt) {
  const std::string stats = folder_.PathOf("frames.jsonl");
  const ProgramResult result =
      Encode(Save(RandomPolicy(1)), {"--simulations=16", "--stats", stats});
  ASSERT_THAT(result, Succeeds());
  const auto lines = LinesWith("", ReadFile(stats));
  ASSERT_EQ(lines.size(), json::parse(result.out)["coded_frames"]);
  for (const std::string& line : lines) {
    const json frame = json::parse(line);
    EXPECT_GT(frame["planned_q_index"], 0) << line;
    EXPECT_GT(frame["prior"], 0) << line;
    EXPECT_LE(frame["prior"], 1) << line;
    EXPECT_TRUE(frame["value"].is_number()) << line;
    EXPECT_GT(frame["predicted_bits"], 0) << line;
    EXPECT_EQ(frame["predicted_psnr_db"].is_null(), !frame["shown"]) << line;
  }
}

TEST_F(MuzeroControllerTest, ReportsWhatWasPlanned) {
  const std::string report = folder_.PathOf("report.html");
  ASSERT_THAT(
      Encode(Save(RandomPolicy(1)), {"--simulations=16", "--report", report}),
      Succeeds());
  // Of the first frame, a key frame: its place, type, q_index, bits, PSNR, and
  // what was planned and foretold.
  EXPECT_THAT(ReadFile(report),
              ContainsRegex(R"("frames":\[\[0,0,[0-9]+,[0-9]+,)"
                            R"([0-9.]+,[0-9]+,[0-9.]+\],)"));
}

TEST_F(MuzeroControllerTest, LeavesItToFeedbackWhenTheModelFails) {
  const ProgramResult result = Encode(SaveNanPolicy());
  ASSERT_THAT(result, Succeeds());
  const json encode = json::parse(result.out);
  EXPECT_EQ(encode["fallback_frames"], encode["coded_frames"]);
  EXPECT_THAT(result.err, HasSubstr("warning: the model failed"));
  EXPECT_THAT(FrameTimes(output_), SizeIs(40));
}

TEST_F(MuzeroControllerTest, RefusesABadModelBeforeTheFirstFrame) {
  const std::string good = ReadFile(Save(RandomPolicy(1)));
  muzero::Checkpoint foreign = RandomPolicy(1);
  foreign.notes.clear();
  const struct {
    std::string path;
    const char* message;
  } kCases[] = {
      {folder_.PathOf("missing"), "missing"},
      {folder_.Write("empty", ""), "empty"},
      {folder_.Write("text", "not a model, but text\n"), "text"},
      {folder_.Write("short", good.substr(0, good.size() / 2)), "short"},
      {Save(foreign, "foreign"), "not a model of this program"},
      {input_, "in.mp4"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Encode(c.path), FailsWith(1, c.message));
    EXPECT_FALSE(fs::exists(output_));
  }
}

TEST_F(MuzeroControllerTest, RefusesABadCommandLine) {
  const std::string model = Save(RandomPolicy(1));
  const struct {
    Arguments flags;
    const char* message;
  } kCases[] = {
      {{"--simulations", "-1"}, "--simulations -1 is not in [0, 1024]"},
      {{"--simulations", "many"}, "many"},
      {{"--device", "abacus"}, "abacus"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Encode(model, c.flags), FailsWith(2, c.message));
  }
}

TEST_F(MuzeroControllerTest, IsMeasuredByEvaluate) {
  const std::string model = Save(RandomPolicy(1));
  ASSERT_THAT(Evaluate(model), Succeeds());
  const json summary =
      json::parse(ReadFile(folder_.PathOf("eval/summary.json")));
  EXPECT_THAT(summary["settings"]["muzero"].get<std::string>(),
              HasSubstr(" 0 simulations"));
  EXPECT_THAT(Evaluate(Save(RandomPolicy(2))), FailsWith(1, "eval"));
}

TEST_F(MuzeroControllerTest, IsNotMeasuredWhenTheModelFails) {
  const ProgramResult result = Evaluate(SaveNanPolicy(), "1");
  EXPECT_EQ(result.exit_status, 3) << result;
  EXPECT_THAT(result.err, HasSubstr("the model failed"));
}

}  // namespace
}  // namespace cli
