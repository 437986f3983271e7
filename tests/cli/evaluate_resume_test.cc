// Interrupted evaluations go on where they were.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Lt;
using testing::SizeIs;
using testing::StartsWith;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using testing_support::Subprocess;

constexpr size_t kHeader = 1;
constexpr size_t kEncodes = 8;

class EvaluateResumeTest : public testing::Test {
 protected:
  EvaluateResumeTest() {
    folder_.MakeVideo("clip.mp4", "192x112", "25", 60);
    command_ = MuzeroRcCommand(
        {"evaluate", "--clips", folder_.PathOf("clip.mp4"),
         "--controllers=libvpx,feedback", "--targets=40k,80k,120k,160k",
         "--cpu-used=1", "--jobs=1", "--out", out_});
  }

  // Sends the signal after two of the encodes.
  ProgramResult Interrupt(int signal) const {
    Subprocess evaluate(command_, Subprocess::ErrorsTo::kTerminal);
    EXPECT_TRUE(evaluate.WaitForErrorText("encode 2 of 8", seconds(60)));
    evaluate.Send(signal);
    return evaluate.Wait(seconds(5));
  }

  std::string Points() const { return ReadFile(out_ + "/points.csv"); }

  const MediaFolder folder_;
  const std::string out_ = folder_.PathOf("out");
  std::vector<std::string> command_;
};

class EvaluateInterruptTest : public EvaluateResumeTest,
                              public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Signals, EvaluateInterruptTest,
                         testing::Values(SIGINT, SIGTERM));

TEST_P(EvaluateInterruptTest, KeepsWhatIsDoneAndNothingElse) {
  const ProgramResult result = Interrupt(GetParam());
  EXPECT_EQ(result.exit_status, 128 + GetParam()) << result;
  EXPECT_THAT(result.err, HasSubstr("muzero-rc: error: interrupted: run it "
                                    "again to go on"));
  EXPECT_THAT(LinesWith("clip.mp4,", Points()),
              SizeIs(AllOf(Ge(2), Lt(kEncodes))));
  for (const auto& entry : fs::recursive_directory_iterator(out_)) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(!name.starts_with(".") && !name.starts_with("report")) << name;
  }
}

// The rows hold the seconds that their encodes took: they would differ.
TEST_F(EvaluateResumeTest, AnotherRunDoesOnlyTheRest) {
  Interrupt(SIGINT);
  const std::string before = Points();
  const ProgramResult result =
      testing_support::RunProgram(command_, seconds(60));
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(Points(), StartsWith(before));
  EXPECT_THAT(LinesWith("", Points()), SizeIs(kHeader + kEncodes));
  EXPECT_TRUE(fs::exists(out_ + "/report.html"));
}

TEST_F(EvaluateResumeTest, ARunGoesOnWhereItsPlaceWasFull) {
  std::vector<std::string> limited = {"prlimit", "--fsize=9000", "--"};
  limited.insert(limited.end(), command_.begin(), command_.end());
  const ProgramResult result = testing_support::RunProgram(limited);
  EXPECT_THAT(result.exit_status, testing::AnyOf(1, 3)) << result;
  EXPECT_THAT(result.err, HasSubstr("muzero-rc: error: "));
  EXPECT_THAT(testing_support::RunProgram(command_), Succeeds());
  EXPECT_THAT(LinesWith("clip.mp4,", Points()), SizeIs(kEncodes));
}

TEST_F(EvaluateResumeTest, AFinishedRunIsOnlyReportedAgain) {
  ASSERT_THAT(testing_support::RunProgram(command_), Succeeds());
  const std::string before = Points();
  fs::remove(out_ + "/report.html");
  EXPECT_THAT(testing_support::RunProgram(command_), Succeeds());
  EXPECT_EQ(Points(), before);
  EXPECT_TRUE(fs::exists(out_ + "/report.html"));
}

}  // namespace
}  // namespace cli
