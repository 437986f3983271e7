#include "selfplay/training_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "selfplay/episode_log.h"
#include "tests/selfplay/example_run.h"

namespace selfplay {
namespace {

using ::testing::Each;
using ::testing::Eq;
using ::testing::SizeIs;

// `count` episodes of a clip that gains 5 dB for each e times the rate, and
// `gain` dB more.
std::vector<ExampleEpisode> OnCurve(int target_kbps, int count,
                                    double bits_fraction = 1, double gain = 0) {
  const double rate = target_kbps * bits_fraction;
  const ExampleEpisode episode = {.target_kbps = target_kbps,
                                  .quality = 30 + 5 * std::log(rate) + gain,
                                  .bits_fraction = bits_fraction};
  return std::vector<ExampleEpisode>(static_cast<size_t>(count), episode);
}

std::vector<LoggedEpisode> LogOfAll(
    const std::vector<std::vector<ExampleEpisode>>& parts) {
  std::vector<ExampleEpisode> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return LogOf(all);
}

TEST(TrainingCurvesTest, SaysNothingOfNoEpisodes) {
  const EpisodeSummary summary = Summarize({}, {});
  EXPECT_EQ(summary.episodes, 0);
  EXPECT_EQ(summary.win_rate, std::nullopt);
  EXPECT_EQ(summary.share_on_target, std::nullopt);
  EXPECT_EQ(summary.mean_overshoot, std::nullopt);
  EXPECT_EQ(summary.encodes_per_hour, std::nullopt);
}

TEST(TrainingCurvesTest, CountsWinsAmongEpisodesWithAHistory) {
  std::vector<LoggedEpisode> log = LogOf(OnCurve(500, 5));
  log[0].reward = 1;  // Without a history.
  for (size_t i = 1; i < 5; ++i) log[i].has_history = true;
  log[1].reward = 1;
  log[2].reward = -1;
  log[3].reward = 0;
  log[4].reward = 0.1;
  EXPECT_EQ(Summarize(log, {}).win_rate, 0.5);
}

TEST(TrainingCurvesTest, CountsEncodesUpToOnePercentOverAsOnTarget) {
  std::vector<LoggedEpisode> log = LogOf(OnCurve(500, 4));
  log[1].outcome.overshoot = 0.01;
  log[2].outcome.overshoot = 0.011;
  log[3].outcome.overshoot = 0.5;
  const EpisodeSummary summary = Summarize(log, {});
  EXPECT_EQ(summary.share_on_target, 0.5);
  EXPECT_NEAR(*summary.mean_overshoot, 0.521 / 4, 1e-12);
}

TEST(TrainingCurvesTest, LeavesPausesOutOfTheSpeed) {
  std::vector<LoggedEpisode> log = LogOf(OnCurve(500, 100));  // One a second.
  for (size_t i = 50; i < 100; ++i) log[i].stored_at += 5000;
  EXPECT_NEAR(*Summarize(log, {}).encodes_per_hour, 3600, 1e-6);
}

TEST(TrainingCurvesTest, KnowsNoSpeedFromOneMoment) {
  EXPECT_EQ(Summarize(LogOf(OnCurve(500, 1)), {}).encodes_per_hour,
            std::nullopt);
}

TEST(TrainingCurvesTest, SeesNoGainInMoreBits) {
  const auto gains = PsnrGains(
      LogOfAll({OnCurve(250, 5), OnCurve(1000, 5), OnCurve(250, 1, 1.5)}));
  ASSERT_THAT(gains, SizeIs(11));
  for (const auto& gain : gains) EXPECT_NEAR(*gain, 0, 1e-9);
}

TEST(TrainingCurvesTest, SeesTheGainAtEqualRate) {
  const auto gains =
      PsnrGains(LogOfAll({OnCurve(250, 5), OnCurve(1000, 5),
                          OnCurve(250, 1, 0.8, 0.7), OnCurve(1000, 1, 1, -2)}));
  EXPECT_NEAR(*gains[10], 0.7, 1e-9);
  EXPECT_NEAR(*gains[11], -2, 1e-9);
}

TEST(TrainingCurvesTest, TakesTheSlopeFromOtherClipsWhereItMust) {
  std::vector<ExampleEpisode> other = OnCurve(500, 5);
  other.push_back(OnCurve(500, 1, 1.3, 1).front());
  for (ExampleEpisode& episode : other) episode.clip = "b";
  const auto gains =
      PsnrGains(LogOfAll({OnCurve(250, 5), OnCurve(1000, 5), other}));
  EXPECT_NEAR(*gains.back(), 1, 1e-9);
}

TEST(TrainingCurvesTest, SeesNothingWithoutASlope) {
  EXPECT_THAT(PsnrGains(LogOf(OnCurve(500, 8))), Each(Eq(std::nullopt)));
}

TEST(TrainingCurvesTest, SeesNothingWithoutBits) {
  const auto gains = PsnrGains(
      LogOfAll({OnCurve(250, 5), OnCurve(1000, 5), {{.bits_fraction = 0}}}));
  EXPECT_EQ(gains.back(), std::nullopt);
}

TEST(TrainingCurvesTest, HasAboutAsManyEpisodesInEachPoint) {
  const struct {
    int episodes;
    size_t points;
    int64_t last;  // Episodes of the last point.
  } kCases[] = {{4, 1, 4},     {10, 1, 10},   {14, 1, 14}, {15, 2, 5},
                {100, 10, 10}, {104, 10, 14}, {105, 11, 5}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.episodes);
    const auto curve = TrainingCurve(LogOf(OnCurve(500, c.episodes)), 100, 10);
    ASSERT_THAT(curve, SizeIs(c.points));
    EXPECT_EQ(curve.back().episodes, c.last);
    EXPECT_EQ(curve.back().last_sequence, c.episodes);
  }
}

TEST(TrainingCurvesTest, HasNoMorePointsThanWanted) {
  EXPECT_THAT(TrainingCurve(LogOf(OnCurve(500, 1999)), 100, 10), SizeIs(100));
  EXPECT_THAT(TrainingCurve({}, 100, 10), SizeIs(0));
}

}  // namespace
}  // namespace selfplay
