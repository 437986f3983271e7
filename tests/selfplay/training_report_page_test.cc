// Opens training reports in headless Chromium and looks at what became of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "selfplay/training_report.h"
#include "tests/selfplay/example_run.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/selfplay/opened_page.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::IsOk;
using ::testing_support::OpenedPage;

std::string PageOf(ExperienceStore& store) {
  const auto report = ReadTrainingReport(store);
  EXPECT_THAT(report, IsOk());
  return OpenedPage(
      RenderTrainingReport(report.value_or(TrainingReport()), "runs/example"),
      "#all");
}

TEST(TrainingReportPageTest, DrawsEveryChartAndFetchesNothing) {
  FakeExperienceStore store;
  FillExampleRun(store, 2600);
  const std::string page = PageOf(store);
  EXPECT_THAT(page, HasSubstr("data-charts=\"7\""));
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"7\""));
  EXPECT_THAT(page, HasSubstr("data-fetched=\"0\""));
  EXPECT_THAT(page, HasSubstr(">2,600 episodes, "));
}

TEST(TrainingReportPageTest, SaysWhatThereIsNotYet) {
  FakeExperienceStore store;
  const std::string page = PageOf(store);
  EXPECT_THAT(page, HasSubstr("No episode has been played yet."));
  EXPECT_THAT(page, HasSubstr("There are too few episodes yet."));
  EXPECT_THAT(page, HasSubstr("data-charts=\"0\""));
  EXPECT_THAT(page, HasSubstr("data-fetched=\"0\""));
}

TEST(TrainingReportPageTest, NamesOfClipsAreTextAndNotCode) {
  FakeExperienceStore store;
  AddExample(store, {.clip = "<img src=x onerror=\"document.title='taken'\">"});
  const std::string page = PageOf(store);
  EXPECT_THAT(page, HasSubstr("<title>muzero-rc training</title>"));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror="));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

}  // namespace
}  // namespace selfplay
