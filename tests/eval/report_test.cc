#include "eval/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "selfplay/report_page_assets.h"
#include "tests/eval/sweep_example.h"

namespace eval {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ReportOf(const std::vector<SweepPoint>& points) {
  const RunInfo run = ExampleRun();
  return RenderReport(Summarize(points, {}, run), points, {}, run);
}

TEST(ReportTest, CarriesChartJsWithItsNoticeAndLicence) {
  const std::string page = ReportOf(ExampleCurve("a", "libvpx", 1));
  EXPECT_THAT(page, HasSubstr(std::string(selfplay::ChartJs())));
  EXPECT_THAT(page, HasSubstr("Released under the MIT License"));
  EXPECT_THAT(page, HasSubstr("THE\nSOFTWARE IS PROVIDED \"AS IS\""));
}

TEST(ReportTest, LeavesNoPlaceholder) {
  const std::string page = ReportOf(ExampleCurve("a", "libvpx", 1));
  for (const char* placeholder :
       {"@CHART_JS@", "@DATA@", "@SCRIPT@", "@STYLE@"}) {
    EXPECT_THAT(page, Not(HasSubstr(placeholder)));
  }
}

// Chart.js names its home page in a comment; nothing else has an address.
TEST(ReportTest, RefersToNothingOutside) {
  const std::string page = absl::StrReplaceAll(
      ReportOf(ExampleCurve("a", "libvpx", 1)), {{selfplay::ChartJs(), ""}});
  EXPECT_THAT(page, Not(HasSubstr("://")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReportTest, NamesOfClipsCannotEndTheScriptThatHoldsThem) {
  const char* const kName = "</script><script>alert(1)</script><!--";
  const std::string page = ReportOf(ExampleCurve(kName, "libvpx", 1));
  EXPECT_THAT(page, Not(HasSubstr("</script><script>alert")));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>\\u003cscript>alert(1)"));
}

TEST(ReportTest, ANameLikeAPlaceholderStaysAName) {
  const std::string page = ReportOf(ExampleCurve("@SCRIPT@", "libvpx", 1));
  EXPECT_THAT(page, HasSubstr("\"clip\":\"@SCRIPT@\""));
}

TEST(ReportTest, OfNothingIsStillAPage) {
  EXPECT_THAT(ReportOf({}), HasSubstr("There are no encodes to compare."));
}

}  // namespace
}  // namespace eval
