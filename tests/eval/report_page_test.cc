// Opens reports in headless Chromium and looks at what became of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eval/report.h"
#include "tests/eval/sweep_example.h"
#include "tests/selfplay/opened_page.h"

namespace eval {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The page as it is once its scripts have run.
std::string Open(const std::vector<SweepPoint>& points,
                 const std::vector<FrameTrace>& traces,
                 const std::string& fragment,
                 const std::vector<FloorPoint>& floors = {}) {
  const RunInfo run = ExampleRun();
  return testing_support::OpenedPage(
      RenderReport(Summarize(points, floors, run), points, traces, run),
      fragment);
}

// Three controllers, with everything that can go wrong with a clip.
std::vector<SweepPoint> Sweep(int num_clips) {
  std::vector<SweepPoint> points;
  for (int i = 0; i < num_clips; ++i) {
    const std::string clip = absl::StrCat("clip_", i, "_of_the_sweep");
    points = Joined(points, ExampleCurve(clip, "libvpx", 1));
    points =
        Joined(points, ExampleCurve(clip, "feedback", 0.82 + 0.03 * (i % 8)));
    points =
        Joined(points, ExampleLadder(clip, "libvpx-q", 0.9 + 0.02 * (i % 9)));
  }
  return points;
}

std::vector<FrameTrace> Traces(int num_clips) {
  std::vector<FrameTrace> traces;
  for (int i = 0; i < num_clips; ++i) {
    const std::string clip = absl::StrCat("clip_", i, "_of_the_sweep");
    traces.push_back(ExampleTrace(clip, "feedback", 150));
    traces.push_back(ExampleTrace(clip, "libvpx", 150));
  }
  return traces;
}

int ChartsDrawnIn(const std::string& page) {
  const std::string before = "data-charts-drawn=\"";
  const size_t begin = page.find(before);
  if (begin == std::string::npos) return -1;
  return std::atoi(page.c_str() + begin + before.size());
}

TEST(ReportPageTest, DrawsEveryChart) {
  // One of BD-rates, and of each clip RD curves, QP and bits.
  const std::string page = Open(Sweep(4), Traces(4), "#all");
  EXPECT_THAT(page, HasSubstr("data-charts=\"13\""));
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"13\""));
}

TEST(ReportPageTest, FetchesNothing) {
  EXPECT_THAT(Open(Sweep(1), Traces(1), "#all"),
              HasSubstr("data-fetched=\"0\""));
}

TEST(ReportPageTest, DrawsOnlyWhatIsInViewOfManyClips) {
  const std::string page = Open(Sweep(130), Traces(130), "");
  EXPECT_THAT(page, HasSubstr("data-charts=\"391\""));
  const int drawn = ChartsDrawnIn(page);
  EXPECT_GE(drawn, 1);
  EXPECT_LE(drawn, 39);
}

TEST(ReportPageTest, DrawsAHundredAndThirtyClipsWhenAskedTo) {
  const std::string page = Open(Sweep(130), Traces(130), "#all");
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"391\""));
}

TEST(ReportPageTest, BeginsWithTheVerdict) {
  EXPECT_THAT(
      Open(Sweep(1), {}, ""),
      HasSubstr(">feedback needs 18.0 % fewer bits than libvpx at equal "
                "PSNR (mean of 1 clip; 100 % improved; worst −18.0 "
                "%).</h1>"));
}

TEST(ReportPageTest, ShowsASingleControllerAndSaysWhyThereIsNoBdRate) {
  const std::string page = Open(ExampleCurve("a", "libvpx", 1), {}, "#all");
  EXPECT_THAT(page,
              HasSubstr("Only libvpx was run: there is nothing to compare "
                        "it with.</h1>"));
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"1\""));
  EXPECT_THAT(page, HasSubstr("The frames of this clip were not kept."));
}

TEST(ReportPageTest, SaysWhyAClipHasNoBdRate) {
  std::vector<SweepPoint> points = Sweep(2);
  points[7].psnr = 20;  // A point in the middle of feedback's first curve.
  const std::string page = Open(points, {}, "#all");
  EXPECT_THAT(page, HasSubstr("PSNR, mean: the test curve is not monotone"));
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"3\""));
}

TEST(ReportPageTest, ListsInfeasibleTargets) {
  const std::string page =
      Open(Sweep(1), {}, "#all", {{"clip_0_of_the_sweep", 256, 300}});
  EXPECT_THAT(page,
              HasSubstr("clip_0_of_the_sweep, feedback: target 256, floor "
                        "300, encoded 209.92 kbps"));
}

TEST(ReportPageTest, FlagsASlightOverlap) {
  const std::string page = Open(
      Joined(ExampleCurve("a", "libvpx", 1), ExampleCurve("a", "feedback", 1)),
      {}, "");
  EXPECT_THAT(page, Not(HasSubstr("slight overlap</span>")));
  std::vector<SweepPoint> higher = ExampleCurve("a", "feedback", 1);
  for (SweepPoint& point : higher) point.psnr += 4;
  EXPECT_THAT(Open(Joined(ExampleCurve("a", "libvpx", 1), higher), {}, ""),
              HasSubstr("slight overlap</span>"));
}

TEST(ReportPageTest, NamesOfClipsAreTextAndNotCode) {
  const std::string name =
      "</script><img src=x onerror=\"document.title='taken'\">&amp;'\"`${1}";
  const std::string page = Open(Joined(ExampleCurve(name, "libvpx", 1),
                                       ExampleCurve(name, "feedback", 0.9)),
                                {ExampleTrace(name, "feedback", 40)}, "#all");
  EXPECT_THAT(page, HasSubstr("<title>muzero-rc evaluation</title>"));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror="));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("data-charts-drawn=\"4\""));
}

}  // namespace
}  // namespace eval
