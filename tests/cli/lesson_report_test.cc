#include "cli/lesson_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "selfplay/teacher.h"
#include "tests/testing/status_matchers.h"

namespace cli {
namespace {

using selfplay::Lesson;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::HasStatus;
using testing_support::IsOk;

selfplay::TaughtEncode Encode(const std::string& what, double target_kbps,
                              double fraction, double psnr_db) {
  return {.what = what,
          .encode = {.sequence = {.target_bitrate_kbps = target_kbps},
                     .outcome = {.bits_fraction = fraction}},
          .outcome = {.quality = psnr_db},
          .seconds = 2};
}

// Of a clip whose PSNR rises by 3 dB with each doubling of the bits; the best
// saves a tenth of them.
std::vector<std::string> FourReports() {
  std::vector<std::string> reports;
  double psnr_db = 30;
  for (const double kbps : {100.0, 200.0, 400.0, 800.0}) {
    Lesson lesson = {.encodes_spent = 50};
    lesson.encodes.push_back(Encode("vbr", kbps, 1, psnr_db));
    lesson.encodes.push_back(Encode("rule", kbps, 2, psnr_db));
    lesson.encodes.push_back(Encode("round 1", kbps, 0.9, psnr_db));
    reports.push_back(LessonReportJson(lesson, "a.webm"));
    psnr_db += 3;
  }
  return reports;
}

TEST(LessonReportTest, SummarisesWhatWasGainedAndSpent) {
  const auto summary = LessonSummary(FourReports());
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(*summary, AllOf(HasSubstr("searched: 4, 50 encodes and 6 s each"),
                              testing::ContainsRegex("best +1 +-10.0 %"),
                              testing::ContainsRegex("rule +1 +\\+100.0 %"),
                              testing::ContainsRegex("round 1 +1 +-10.0 %")));
}

TEST(LessonReportTest, TheEncodeNearestToTheTargetCounts) {
  auto reports = FourReports();
  for (std::string& report : reports) {
    const auto at = report.find("\"round 1\"");
    report.replace(at, 9, "\"rule\"");
  }
  const auto summary = LessonSummary(reports);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(*summary, testing::ContainsRegex("rule +1 +-10.0 %"));
}

TEST(LessonReportTest, HasNoBdRateForFewerThanFourTargets) {
  auto reports = FourReports();
  reports.pop_back();
  const auto summary = LessonSummary(reports);
  ASSERT_THAT(summary, IsOk());
  EXPECT_EQ(*summary, "searched: 3, 50 encodes and 6 s each\n");
}

TEST(LessonReportTest, SaysSoWhenAReportIsDamaged) {
  EXPECT_THAT(LessonSummary({"{}"}),
              HasStatus(absl::StatusCode::kDataLoss, "damaged"));
  EXPECT_THAT(LessonSummary({"no JSON"}),
              HasStatus(absl::StatusCode::kDataLoss, "damaged"));
}

}  // namespace
}  // namespace cli
