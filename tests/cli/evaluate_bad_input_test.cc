// What `evaluate` refuses, and what it does when some clips fail.

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
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kSomeFailed = 3;

class EvaluateBadInputTest : public testing::Test {
 protected:
  EvaluateBadInputTest() {
    fs::create_directory(folder_.PathOf("clips"));
    folder_.MakeVideo("clips/good.mp4", "64x48", "25", 10);
  }

  static ProgramResult Evaluate(const Arguments& flags) {
    Arguments arguments = {"evaluate"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return MuzeroRc(arguments);
  }

  // Evaluates clips_ into out_.
  ProgramResult EvaluateWith(const Arguments& flags) const {
    Arguments all = {"--clips", clips_, "--out", out_};
    all.insert(all.end(), flags.begin(), flags.end());
    return Evaluate(all);
  }

  // The same, and checks that it leaves no trace.
  ProgramResult Refuse(const Arguments& flags) const {
    const auto contents = ContentsOf(folder_.PathOf(""));
    const ProgramResult result = EvaluateWith(flags);
    EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == contents) << result;
    return result;
  }

  ProgramResult RefuseTo(const std::string& out) const {
    const auto contents = ContentsOf(folder_.PathOf(""));
    const ProgramResult result = Evaluate({"--clips", clips_, "--out", out});
    EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == contents) << result;
    return result;
  }

  const MediaFolder folder_;
  const std::string clips_ = folder_.PathOf("clips");
  const std::string out_ = folder_.PathOf("out");
};

TEST_F(EvaluateBadInputTest, ClipsThatAreNotThere) {
  EXPECT_THAT(Evaluate({"--clips", folder_.PathOf("missing"), "--out", out_}),
              FailsWith(kWrongUsage, "missing'"));
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(EvaluateBadInputTest, ClipsInAnEmptyFolder) {
  fs::create_directory(folder_.PathOf("empty"));
  EXPECT_THAT(Evaluate({"--clips", folder_.PathOf("empty"), "--out", out_}),
              FailsWith(kWrongUsage, "no video in folder"));
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(EvaluateBadInputTest, CatalogueWithAClipThatIsNotThere) {
  const std::string csv = folder_.Write("clips.csv", "path\nmissing.mp4\n");
  EXPECT_THAT(Evaluate({"--clips", csv, "--out", out_}),
              FailsWith(kWrongUsage, "missing.mp4"));
}

TEST_F(EvaluateBadInputTest, FlagsWithValuesOutOfPlace) {
  const struct {
    Arguments flags;
    const char* want;
  } kCases[] = {
      {{"--split", "nope"}, "split 'nope'"},
      {{"--anchor", "libvpx-q"}, "anchor libvpx-q is not among --controllers"},
      {{"--controllers", "libvpx,nope"}, "there is no controller 'nope'"},
      {{"--controllers", "libvpx,libvpx"}, "twice"},
      {{"--controllers", ""}, "empty name"},
      {{"--controllers", "libvpx,feedback:"}, "number of attempts"},
      {{"--controllers", "libvpx,feedback:9"}, "not in [1, 8]"},
      {{"--controllers", "libvpx,libvpx:2"}, "does the same each time"},
      {{"--controllers", "libvpx,feedback@"}, "wanted an effort after the @"},
      {{"--controllers", "libvpx,feedback@2:2"}, "wanted an effort after"},
      {{"--controllers", "libvpx,feedback@9"}, "not in [1, 8]"},
      {{"--controllers", "libvpx,libvpx@2"}, "does not plan with the encoder"},
      {{"--targets", "256k,abc"}, "'abc' is no bitrate"},
      {{"--targets", "256k,0"}, "bitrate '0'"},
      {{"--targets", "256k,256k"}, "twice"},
      {{"--targets", ""}, "is no bitrate"},
      {{"--jobs", "0"}, "--jobs 0 is not in [1, 256]"},
      {{"--jobs", "-1"}, "--jobs -1 is not in [1, 256]"},
      {{"--jobs", "abc"}, "--jobs"},
      {{"--frames", "0"}, "--frames 0"},
      {{"--max-height", "0"}, "--max-height 0"},
      {{"--cq-levels", "20,64"}, "'64' is no cq-level"},
      {{"--q-indices", "0"}, "'0' is no q_index"},
      {{"--cpu-used", "9"}, "cpu-used"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Refuse(c.flags), FailsWith(kWrongUsage, c.want));
  }
}

TEST_F(EvaluateBadInputTest, ResultsFolderThatIsAFile) {
  const std::string file = folder_.Write("file", "kept");
  EXPECT_THAT(RefuseTo(file), FailsWith(kFailed, "folder " + file));
}

// Not even root can make folders there.
TEST_F(EvaluateBadInputTest, ResultsFolderThatCannotBeMade) {
  EXPECT_THAT(RefuseTo("/proc/out"), FailsWith(kFailed, "folder /proc/out"));
}

TEST_F(EvaluateBadInputTest, OtherSettingsInTheSameResultsFolder) {
  ASSERT_THAT(EvaluateWith({"--targets=20k", "--cpu-used=8"}), Succeeds());
  for (const char* flag : {"--cpu-used=7", "--frames=5", "--max-height=32"}) {
    EXPECT_THAT(Refuse({"--targets=20k", flag}),
                FailsWith(kFailed, "other settings"));
  }
}

TEST_F(EvaluateBadInputTest, FewerThanFourTargetsAreReportedWithoutBdRate) {
  const ProgramResult result = EvaluateWith({"--targets", "20k,40k"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, HasSubstr("4 are needed"));
  const json summary = json::parse(ReadFile(out_ + "/summary.json"));
  const json& psnr = summary["controllers"]["feedback"]["bd_rate"]["psnr"];
  EXPECT_TRUE(psnr["mean"].is_null());
  EXPECT_THAT(psnr["failed"], SizeIs(1));
}

TEST_F(EvaluateBadInputTest, ABadClipIsNamedAndTheOthersAreReported) {
  folder_.Write("clips/bad.mp4", std::string(1000, '\0'));
  const ProgramResult result = EvaluateWith({"--targets", "20k"});
  EXPECT_EQ(result.exit_status, kSomeFailed) << result;
  EXPECT_THAT(LinesWith("muzero-rc: error: ", result.err),
              testing::ElementsAre(HasSubstr("bad.mp4: ")));
  EXPECT_THAT(LinesWith("", result.err), SizeIs(1));
  EXPECT_THAT(result.out, HasSubstr("report.html"));
  EXPECT_THAT(ReadFile(out_ + "/points.csv"),
              HasSubstr("\ngood.mp4,libvpx,20"));
  EXPECT_TRUE(fs::exists(out_ + "/report.html"));
}

TEST_F(EvaluateBadInputTest, NoReportIfEveryClipIsBad) {
  fs::remove(folder_.PathOf("clips/good.mp4"));
  folder_.Write("clips/bad.mp4", std::string(1000, '\0'));
  const ProgramResult result = EvaluateWith({});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(LinesWith("muzero-rc: error: ", result.err),
              testing::ElementsAre(HasSubstr("bad.mp4: ")));
  EXPECT_FALSE(fs::exists(out_ + "/report.html"));
}

}  // namespace
}  // namespace cli
