#include "eval/summary_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/eval/sweep_example.h"

namespace eval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Summary Of(const std::vector<SweepPoint>& points) {
  return Summarize(points, {}, ExampleRun());
}

std::vector<SweepPoint> TwoClips(double first, double second) {
  return Joined(Joined(ExampleCurve("a", "libvpx", 1),
                       ExampleCurve("a", "feedback", first)),
                Joined(ExampleCurve("b", "libvpx", 1),
                       ExampleCurve("b", "feedback", second)));
}

TEST(SummaryTextTest, VerdictSaysHowManyBitsAreSaved) {
  EXPECT_THAT(
      Verdicts(Of(TwoClips(0.8, 1.1))),
      ElementsAre("feedback needs 5.0 % fewer bits than libvpx at equal "
                  "PSNR (mean of 2 clips; 50 % improved; worst +10.0 "
                  "%)."));
}

TEST(SummaryTextTest, VerdictSaysSoWhenMoreBitsAreNeeded) {
  EXPECT_THAT(Verdicts(Of(TwoClips(1.1, 1.3)))[0],
              HasSubstr("feedback needs 20.0 % more bits than libvpx"));
}

TEST(SummaryTextTest, VerdictHasNoSignForNothing) {
  EXPECT_THAT(Verdicts(Of(TwoClips(1, 1.0002)))[0],
              HasSubstr("feedback needs as many bits as libvpx at equal PSNR "
                        "(mean of 2 clips; 0 % improved; worst 0.0 %)"));
}

TEST(SummaryTextTest, VerdictCountsClipsThatCouldNotBeCompared) {
  const auto points =
      Joined(TwoClips(0.9, 0.9), ExampleCurve("c", "feedback", 1));
  EXPECT_THAT(Verdicts(Of(points))[0],
              HasSubstr("worst −10.0 %; 1 clip could not be compared)."));
}

TEST(SummaryTextTest, VerdictSaysWhyThereIsNone) {
  EXPECT_THAT(
      Verdicts(Of(ExampleCurve("c", "feedback", 1))),
      ElementsAre("feedback cannot be compared with libvpx: no clip has "
                  "a BD-rate (c: the anchor curve has 0 distinct "
                  "points; 4 are needed)."));
  EXPECT_THAT(Verdicts(Of(ExampleCurve("c", "libvpx", 1))),
              ElementsAre("Only libvpx was run: there is nothing to compare it "
                          "with."));
  EXPECT_THAT(Verdicts(Of({})),
              ElementsAre("There are no encodes to compare."));
}

TEST(SummaryTextTest, AControllerWithTargetsComesFirst) {
  const auto points =
      Joined(TwoClips(0.9, 0.9), ExampleLadder("a", "libvpx-q", 1));
  const auto verdicts = Verdicts(Of(points));
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_THAT(verdicts[0], HasSubstr("feedback needs"));
  EXPECT_THAT(verdicts[1], HasSubstr("libvpx-q needs"));
}

TEST(SummaryTextTest, MarkdownHasARowForEachMeasure) {
  const std::string markdown =
      SummaryMarkdown(Of(TwoClips(0.8, 1.1)), ExampleRun());
  for (const char* measure :
       {"PSNR, mean", "PSNR, luma", "PSNR, global", "SSIM"}) {
    EXPECT_THAT(markdown, HasSubstr(std::string("| feedback | ") + measure +
                                    " | 2 of 2 | −5.0 % | −5.0 % | +10.0 % | "
                                    "50 % |\n"));
  }
}

TEST(SummaryTextTest, MarkdownHasTheOvershootOfEveryControllerWithTargets) {
  const auto points =
      Joined(TwoClips(0.8, 1.1), ExampleLadder("a", "libvpx-q", 1));
  const std::string markdown = SummaryMarkdown(Of(points), ExampleRun());
  EXPECT_THAT(markdown,
              HasSubstr("| libvpx | 10 | 0.00 % | 0.0 % | 0 % | 0 % | "
                        "0.00 % | 0 |\n"));
  EXPECT_THAT(markdown, HasSubstr("| feedback | 10 | 5.00 % | 10.0 % | 50 % | "
                                  "50 % | 15.00 % | 0 |\n"));
  EXPECT_THAT(markdown, Not(HasSubstr("| libvpx-q | 5")));
}

TEST(SummaryTextTest, MarkdownNamesFailuresAndProvenance) {
  const std::string markdown =
      SummaryMarkdown(Of(ExampleCurve("c|d", "feedback", 1)), ExampleRun());
  EXPECT_THAT(markdown, HasSubstr("- c\\|d, feedback, SSIM: the anchor curve "
                                  "has 0 distinct points"));
  EXPECT_THAT(markdown, HasSubstr("Revision 0123abc; libavcodec 59.37.100"));
}

}  // namespace
}  // namespace eval
