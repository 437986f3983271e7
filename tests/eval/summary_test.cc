#include "eval/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/eval/sweep_example.h"

namespace eval {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kPsnr = IndexOf(QualityMeasure::kPsnr);

// Three clips on which feedback needs -10, -20 and +20 % of libvpx's bits.
std::vector<SweepPoint> ThreeClips() {
  std::vector<SweepPoint> points;
  for (const auto& [clip, factor] :
       {std::pair("a", 0.9), std::pair("b", 0.8), std::pair("c", 1.2)}) {
    points = Joined(points, ExampleCurve(clip, "libvpx", 1));
    points = Joined(points, ExampleCurve(clip, "feedback", factor));
  }
  return points;
}

// One encode of clip "c" by feedback.
SweepPoint Encode(double target_kbps, double bitrate_kbps) {
  SweepPoint point = ExampleCurve("c", "feedback", 1).front();
  point.target_kbps = target_kbps;
  point.bitrate_kbps = bitrate_kbps;
  return point;
}

const ControllerSummary& Find(const Summary& summary, const char* name) {
  return *std::find_if(summary.controllers.begin(), summary.controllers.end(),
                       [&](const auto& c) { return c.name == name; });
}

TEST(SummaryTest, PoolsBdRatesOverClips) {
  const Summary summary = Summarize(ThreeClips(), {}, ExampleRun());
  const ControllerSummary& feedback = Find(summary, "feedback");
  EXPECT_EQ(feedback.clips, 3);
  for (const BdRateSummary& bd_rate : *feedback.bd_rate) {
    EXPECT_EQ(bd_rate.clips, 3);
    EXPECT_NEAR(bd_rate.statistics->mean, -10.0 / 3, 1e-9);
    EXPECT_NEAR(bd_rate.statistics->median, -10, 1e-9);
    EXPECT_NEAR(bd_rate.statistics->worst, 20, 1e-9);
    EXPECT_NEAR(bd_rate.statistics->share_improved, 2.0 / 3, 1e-12);
    EXPECT_THAT(bd_rate.failed, IsEmpty());
  }
}

TEST(SummaryTest, MedianOfTwoClipsIsTheirMean) {
  std::vector<SweepPoint> points = ThreeClips();
  std::erase_if(points, [](const auto& p) { return p.clip == "c"; });
  const Summary summary = Summarize(points, {}, ExampleRun());
  EXPECT_NEAR((*Find(summary, "feedback").bd_rate)[kPsnr].statistics->median,
              -15, 1e-9);
}

TEST(SummaryTest, KeepsEveryClipsOwnNumbers) {
  const Summary summary = Summarize(ThreeClips(), {}, ExampleRun());
  const ClipSummary& clip = Find(summary, "feedback").per_clip[1];
  EXPECT_EQ(clip.clip, "b");
  EXPECT_NEAR(*(*clip.bd_rate)[kPsnr].percent, -20, 1e-9);
  // Quality is 6 ln(rate) + constant: 0.8 of the rate is worth 6 ln(1/0.8).
  EXPECT_NEAR(*clip.bd_psnr_db, 6 * std::log(1 / 0.8), 1e-9);
  EXPECT_NEAR(clip.targets->mean_abs_deviation, 0.2, 1e-12);
}

TEST(SummaryTest, TheAnchorHasNoBdRateButAnOvershoot) {
  const Summary summary = Summarize(ThreeClips(), {}, ExampleRun());
  const ControllerSummary& anchor = summary.controllers.front();
  EXPECT_EQ(anchor.name, "libvpx");
  EXPECT_FALSE(anchor.bd_rate.has_value());
  EXPECT_EQ(anchor.overshoot->encodes, 15);
  EXPECT_EQ(anchor.overshoot->statistics->mean, 0);
}

// Ratios 1.01, 1.03, 0.9 and 1.004.
TEST(SummaryTest, MeasuresOvershootAgainstTargets) {
  const Summary summary = Summarize(
      {Encode(100, 101), Encode(200, 206), Encode(300, 270), Encode(500, 502)},
      {}, ExampleRun());
  const OvershootSummary& overshoot = *Find(summary, "feedback").overshoot;
  EXPECT_EQ(overshoot.encodes, 4);
  EXPECT_NEAR(overshoot.statistics->mean, (0.01 + 0.03 + 0.004) / 4, 1e-12);
  EXPECT_NEAR(overshoot.statistics->worst, 0.03, 1e-12);
  EXPECT_EQ(overshoot.statistics->share_over_0_5pct, 0.5);
  EXPECT_EQ(overshoot.statistics->share_over_2pct, 0.25);
  EXPECT_NEAR(overshoot.statistics->mean_abs_deviation,
              (0.01 + 0.03 + 0.1 + 0.004) / 4, 1e-12);
}

TEST(SummaryTest, NamesInfeasibleTargetsAndLeavesThemOutOfTheShares) {
  const Summary summary = Summarize(
      {Encode(100, 151), Encode(200, 202)},
      {{"c", 100, 150}, {"c", 200, 150}, {"other", 200, 999}}, ExampleRun());
  const OvershootSummary& overshoot = *Find(summary, "feedback").overshoot;
  EXPECT_EQ(overshoot.encodes, 1);
  EXPECT_NEAR(overshoot.statistics->mean, 0.01, 1e-12);
  ASSERT_THAT(overshoot.infeasible, SizeIs(1));
  EXPECT_EQ(overshoot.infeasible[0].clip, "c");
  EXPECT_EQ(overshoot.infeasible[0].target_kbps, 100);
  EXPECT_EQ(overshoot.infeasible[0].floor_kbps, 150);
  EXPECT_EQ(overshoot.infeasible[0].bitrate_kbps, 151);
}

TEST(SummaryTest, WithoutAFeasibleTargetThereAreNoShares) {
  const Summary summary =
      Summarize({Encode(100, 151)}, {{"c", 100, 150}}, ExampleRun());
  const ControllerSummary& feedback = Find(summary, "feedback");
  EXPECT_EQ(feedback.overshoot->encodes, 0);
  EXPECT_FALSE(feedback.overshoot->statistics.has_value());
  EXPECT_FALSE(feedback.per_clip[0].targets.has_value());
}

TEST(SummaryTest, PointsOfInfeasibleTargetsStayOnTheCurve) {
  const Summary summary =
      Summarize(ThreeClips(), {{"a", 256, 999}, {"a", 384, 999}}, ExampleRun());
  const ControllerSummary& feedback = Find(summary, "feedback");
  EXPECT_EQ((*feedback.bd_rate)[kPsnr].clips, 3);
  EXPECT_EQ(feedback.overshoot->encodes, 13);
}

TEST(SummaryTest, AControllerWithoutTargetsHasNoOvershoot) {
  const Summary summary =
      Summarize(Joined(ExampleCurve("a", "libvpx", 1),
                       ExampleLadder("a", "libvpx-q", 0.95)),
                {}, ExampleRun());
  const ControllerSummary& ladder = Find(summary, "libvpx-q");
  EXPECT_FALSE(ladder.overshoot.has_value());
  EXPECT_NEAR((*ladder.bd_rate)[kPsnr].statistics->mean, -5, 1e-9);
}

TEST(SummaryTest, NamesClipsWithoutABdRate) {
  std::vector<SweepPoint> points = ThreeClips();
  points.push_back(ExampleCurve("d", "feedback", 1).front());
  points[5].psnr = 99;  // First point of feedback on "a": above the others.
  const Summary summary = Summarize(points, {}, ExampleRun());
  const BdRateSummary& bd_rate = (*Find(summary, "feedback").bd_rate)[kPsnr];
  EXPECT_EQ(bd_rate.clips, 2);
  EXPECT_NEAR(bd_rate.statistics->mean, 0, 1e-9);
  ASSERT_THAT(bd_rate.failed, SizeIs(2));
  EXPECT_EQ(bd_rate.failed[0].clip, "a");
  EXPECT_THAT(bd_rate.failed[0].reason, HasSubstr("not monotone"));
  EXPECT_EQ(bd_rate.failed[1].clip, "d");
  EXPECT_THAT(bd_rate.failed[1].reason,
              HasSubstr("the anchor curve has 0 distinct points"));
}

TEST(SummaryTest, WithoutAnAnchorEveryClipSaysSo) {
  const Summary summary =
      Summarize(ExampleCurve("a", "feedback", 1), {}, ExampleRun());
  const BdRateSummary& bd_rate = (*Find(summary, "feedback").bd_rate)[kPsnr];
  EXPECT_EQ(bd_rate.clips, 0);
  EXPECT_FALSE(bd_rate.statistics.has_value());
  EXPECT_THAT(bd_rate.failed, SizeIs(1));
}

TEST(SummaryTest, ShowsTheAnchorFirstThenTheOrderOfTheRunThenTheRest) {
  std::vector<SweepPoint> points;
  for (const char* name :
       {"zebra", "feedback", "aardvark", "libvpx-q", "libvpx"}) {
    points = Joined(points, ExampleCurve("a", name, 1));
  }
  const auto name = [](auto want) {
    return Field(&ControllerSummary::name, want);
  };
  EXPECT_THAT(Summarize(points, {}, ExampleRun()).controllers,
              ElementsAre(name("libvpx"), name("libvpx-q"), name("feedback"),
                          name("aardvark"), name("zebra")));
}

TEST(SummaryTest, OfARepeatedEncodeTheLastCounts) {
  const Summary summary =
      Summarize({Encode(100, 150), Encode(100, 101)}, {}, ExampleRun());
  const OvershootSummary& overshoot = *Find(summary, "feedback").overshoot;
  EXPECT_EQ(overshoot.encodes, 1);
  EXPECT_NEAR(overshoot.statistics->mean, 0.01, 1e-12);
}

TEST(SummaryTest, OfNothingIsEmpty) {
  EXPECT_THAT(Summarize({}, {}, ExampleRun()).controllers, IsEmpty());
}

TEST(SummaryTest, TakesSsimInDecibels) {
  SweepPoint point;
  point.ssim = 0.99;
  EXPECT_NEAR(QualityDb(point, QualityMeasure::kSsim), 20, 1e-9);
}

}  // namespace
}  // namespace eval
