// muzero-rc status, as a process.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "tests/cli/muzero_rc.h"
#include "tests/selfplay/example_run.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/test_folder.h"

namespace cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing_support::IsOk;
using ::testing_support::ProgramResult;
using ::testing_support::TestFolder;

// A run folder of its own for each test, with three episodes.
class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    const auto store = selfplay::ExperienceStore::Open(Url(), {});
    EXPECT_THAT(store, IsOk());
    for (const double quality : {40.0, 41.0, 42.0}) {
      selfplay::AddExample(**store, {.quality = quality});
    }
    EXPECT_THAT((*store)->PublishWeights(1, "weights"), IsOk());
    EXPECT_THAT((*store)->AddMetrics(selfplay::ToLine(
                    selfplay::LearnerMetrics{.learner_step = 70})),
                IsOk());
  }

  std::string Url() const {
    return "sqlite:" + folder_.PathOf("experience.db");
  }

  const TestFolder folder_;
};

TEST_F(StatusTest, PrintsOneJsonObject) {
  const ProgramResult result =
      MuzeroRc({"status", "--run", folder_.path(), "--json"});
  ASSERT_THAT(result, Succeeds());
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["episodes"], 3);
  EXPECT_EQ(json["learner_step"], 70);
  EXPECT_EQ(json["weights_version"], 1);
  EXPECT_EQ(json["win_rate"], 1.0);
  EXPECT_TRUE(json.contains("encodes_per_hour"));
}

TEST_F(StatusTest, PrintsTextForPeople) {
  const ProgramResult result = MuzeroRc({"status", "--store", Url()});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, AllOf(HasSubstr("episodes    3\n"),
                                HasSubstr("won 100.0 %, within +1 % 100.0 %")));
}

TEST_F(StatusTest, WritesAReport) {
  const std::string report = folder_.PathOf("report.html");
  const ProgramResult result =
      MuzeroRc({"status", "--run", folder_.path(), "--html", report});
  EXPECT_THAT(result, Succeeds());
  std::ifstream in(report);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(page, HasSubstr("<title>muzero-rc training</title>"));
}

TEST_F(StatusTest, SaysThatThereIsNoRunAndMakesNone) {
  const std::string none = folder_.PathOf("none");
  EXPECT_THAT(MuzeroRc({"status", "--run", none}),
              FailsWith(1, "there is no experience store: no file "));
  EXPECT_THAT(MuzeroRc({"status", "--store", "sqlite:" + none}),
              FailsWith(1, "there is no experience store: no file "));
  EXPECT_FALSE(std::filesystem::exists(none));
}

TEST_F(StatusTest, LeavesAnEmptyFileEmpty) {
  const std::string empty = folder_.PathOf("empty.db");
  std::ofstream(empty).close();
  EXPECT_THAT(MuzeroRc({"status", "--store", "sqlite:" + empty, "--json"}),
              FailsWith(1, "there is no experience store in " + empty));
  EXPECT_EQ(std::filesystem::file_size(empty), 0);
}

TEST_F(StatusTest, ChangesNothing) {
  const auto before = ContentsOf(folder_.path());
  EXPECT_THAT(MuzeroRc({"status", "--run", folder_.path()}), Succeeds());
  EXPECT_TRUE(ContentsOf(folder_.path()) == before);
}

TEST_F(StatusTest, WantsOneRun) {
  EXPECT_THAT(MuzeroRc({"status"}), FailsWith(2, "wanted --run or --store"));
  EXPECT_THAT(MuzeroRc({"status", "--run", folder_.path(), "--store", Url()}),
              FailsWith(2, "excludes"));
  EXPECT_THAT(MuzeroRc({"status", "--store", "mysql://x"}),
              FailsWith(2, "sqlite:PATH"));
}

}  // namespace
}  // namespace cli
