#include "selfplay/training_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_replace.h"
#include "selfplay/metrics.h"
#include "selfplay/report_page_assets.h"
#include "tests/selfplay/example_run.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(TrainingReportTest, ShowsHowARunLearns) {
  FakeExperienceStore store;
  FillExampleRun(store, 1100);
  const auto report = ReadTrainingReport(store);
  ASSERT_THAT(report, IsOk());
  const EpisodeSummary& first = report->curve.front();
  const EpisodeSummary& last = report->curve.back();
  EXPECT_LT(*first.share_on_target, 0.7);
  EXPECT_GT(*last.share_on_target, 0.8);
  EXPECT_GT(*last.mean_psnr_gain_db, 0.3);
  EXPECT_THAT(report->evaluations, SizeIs(2));
  EXPECT_THAT(report->histories, SizeIs(12));
}

TEST(TrainingReportTest, ThinsOutTheLearnersRecords) {
  FakeExperienceStore store;
  for (int64_t step = 1; step <= 1000; ++step) {
    ASSERT_THAT(store.AddMetrics(ToLine(LearnerMetrics{
                    .learner_step = step, .loss = step % 2 ? 1.0 : 3.0})),
                IsOk());
  }
  const auto report = ReadTrainingReport(store);
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(report->learner, SizeIs(Le(400u)));
  EXPECT_EQ(report->learner.back().learner_step, 1000);
  EXPECT_NEAR(report->learner[100].loss, 2, 0.4);
}

TEST(TrainingReportTest, RefersToNothingOutside) {
  FakeExperienceStore store;
  FillExampleRun(store, 60);
  const std::string page = absl::StrReplaceAll(
      RenderTrainingReport(*ReadTrainingReport(store), "a run"),
      {{ChartJs(), ""}});
  EXPECT_THAT(page, Not(HasSubstr("://")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(TrainingReportTest, NamesOfClipsCannotEndTheScriptThatHoldsThem) {
  FakeExperienceStore store;
  AddExample(store, {.clip = "</script><script>alert(1)</script>"});
  const std::string page =
      RenderTrainingReport(*ReadTrainingReport(store), "@SCRIPT@");
  EXPECT_THAT(page, Not(HasSubstr("</script><script>alert")));
  EXPECT_THAT(page, HasSubstr("\"title\":\"@SCRIPT@\""));
}

TEST(TrainingReportTest, HandsOnTheStoresError) {
  FakeExperienceStore store;
  for (int healthy = 0; healthy < 13; ++healthy) {
    store.FailCalls(1, healthy);
    EXPECT_THAT(ReadTrainingReport(store),
                HasStatus(absl::StatusCode::kUnavailable, "told to fail"))
        << healthy;
  }
}

}  // namespace
}  // namespace selfplay
