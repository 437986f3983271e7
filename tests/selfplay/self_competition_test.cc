#include "selfplay/self_competition.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The history that the tables compare with: 40 dB, and 0 or 5 % too large.
constexpr History kWithin = {.quality = 40, .overshoot = 0, .episodes = 9};
constexpr History kOver = {.quality = 40, .overshoot = 0.05, .episodes = 9};
constexpr History kNone = {};

TEST(SelfCompetitionTest, WinsAndLosesByOvershootFirstAndByQualityThen) {
  const SelfCompetitionConfig config = {.overshoot_tolerance = 0.01};
  const struct {
    const char* name;
    History history;
    Outcome outcome;
    double want;
  } kCases[] = {
      {"both within: better wins", kWithin, {41, 0}, 1},
      {"both within: worse loses", kWithin, {39, 0}, -1},
      {"both within: equal ties", kWithin, {40, 0}, 0},
      {"overshoot in the tolerance is none", kWithin, {41, 0.01}, 1},
      {"only the episode over: loses", kWithin, {41, 0.02}, -1},
      {"only the average over: wins, though worse", kOver, {30, 0}, 1},
      {"both over: less wins, though worse", kOver, {30, 0.04}, 1},
      {"both over: more loses, though better", kOver, {50, 0.06}, -1},
      {"both over: equal ties, though better", kOver, {50, 0.05}, 0},
      {"no history", kNone, {41, 0}, 0},
      {"no history, over", kNone, {41, 0.5}, 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Reward(c.history, c.outcome, config), c.want);
  }
}

TEST(SelfCompetitionTest, CountsSmallDifferencesAsTies) {
  const SelfCompetitionConfig config = {.overshoot_tie = 0.02,
                                        .quality_tie = 0.5};
  const struct {
    const char* name;
    History history;
    Outcome outcome;
    double want;
  } kCases[] = {
      {"a little better", kWithin, {40.5, 0}, 0},
      {"a little worse", kWithin, {39.5, 0}, 0},
      {"clearly better", kWithin, {40.6, 0}, 1},
      {"clearly worse", kWithin, {39.4, 0}, -1},
      {"a little less over", kOver, {40, 0.04}, 0},
      {"a little more over", kOver, {40, 0.06}, 0},
      {"clearly less over", kOver, {40, 0.01}, 1},
      {"clearly more over", kOver, {40, 0.09}, -1},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Reward(c.history, c.outcome, config), c.want);
  }
}

TEST(SelfCompetitionTest, GivesTheGainItsMagnitude) {
  const SelfCompetitionConfig config = {.rule = RewardRule::kGain,
                                        .overshoot_tolerance = 0,
                                        .overshoot_scale = 0.1,
                                        .quality_scale = 2};
  const struct {
    const char* name;
    History history;
    Outcome outcome;
    double want;
  } kCases[] = {
      {"half a scale better", kWithin, {41, 0}, 0.5},
      {"half a scale worse", kWithin, {39, 0}, -0.5},
      {"equal", kWithin, {40, 0}, 0},
      {"far better is clamped", kWithin, {50, 0}, 1},
      {"far worse is clamped", kWithin, {30, 0}, -1},
      {"over is paid for", kWithin, {40, 0.02}, -0.2},
      {"over, but better", kWithin, {41, 0.02}, 0.5 - 0.2},
      {"less over", kOver, {40, 0.03}, 0.2},
      {"less over, but worse", kOver, {39, 0.03}, 0.2 - 0.5},
      {"within, but worse", kOver, {39, 0}, 0.5 - 0.5},
      {"far too large is clamped", kOver, {40, 0.9}, -1},
      {"no history", kNone, {50, 0.9}, 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_NEAR(Reward(c.history, c.outcome, config), c.want, 1e-12);
  }
}

TEST(SelfCompetitionTest, GainsNothingWithinTheTolerance) {
  const SelfCompetitionConfig config = {.rule = RewardRule::kGain,
                                        .overshoot_tolerance = 0.02,
                                        .overshoot_scale = 0.1};
  EXPECT_EQ(Reward(kWithin, {40, 0.02}, config), 0);
  EXPECT_NEAR(Reward(kWithin, {40, 0.03}, config), -0.1, 1e-12);
  EXPECT_NEAR(Reward(kOver, {40, 0.01}, config), 0.3, 1e-12);
}

TEST(SelfCompetitionTest, GivesTheFirstEpisodeWhatTheConfigSays) {
  EXPECT_EQ(Reward(kNone, {.quality = 40}, {.first_reward = -0.5}), -0.5);
}

TEST(SelfCompetitionTest, StartsAHistoryWithTheFirstOutcome) {
  const History history = Updated(kNone, {.quality = 40, .overshoot = 0.1}, {});
  EXPECT_EQ(history.quality, 40);
  EXPECT_EQ(history.overshoot, 0.1);
  EXPECT_EQ(history.episodes, 1);
}

TEST(SelfCompetitionTest, IsAPlainMeanWhileYoung) {
  const SelfCompetitionConfig config = {.decay = 0.9};
  History history;
  for (const double quality : {30, 31, 35, 40}) {
    history = Updated(history, {.quality = quality}, config);
  }
  EXPECT_NEAR(history.quality, 34, 1e-12);
  EXPECT_EQ(history.episodes, 4);
}

TEST(SelfCompetitionTest, ForgetsByItsDecayWhenOld) {
  const History old = {.quality = 40, .overshoot = 0.1, .episodes = 1000};
  const History history = Updated(old, {.quality = 50}, {.decay = 0.9});
  EXPECT_NEAR(history.quality, 41, 1e-12);
  EXPECT_NEAR(history.overshoot, 0.09, 1e-12);
}

TEST(SelfCompetitionTest, ComesBackToQualityAfterOneOvershoot) {
  const SelfCompetitionConfig config = {.decay = 0.9,
                                        .overshoot_tolerance = 0.002};
  History history = kWithin;
  history = Updated(history, {.quality = 40, .overshoot = 0.1}, config);
  int episodes = 0;
  while (Reward(history, {.quality = 30}, config) > 0) {
    history = Updated(history, {.quality = 40}, config);
    ++episodes;
  }
  EXPECT_EQ(episodes, 16);  // 0.01 * 0.9^16 < 0.002.
}

TEST(SelfCompetitionTest, RefusesSettingsThatMakeNoSense) {
  const struct {
    const char* field;
    SelfCompetitionConfig config;
  } kCases[] = {
      {"decay", {.decay = 1}},
      {"decay", {.decay = kNan}},
      {"overshoot_tolerance", {.overshoot_tolerance = -0.1}},
      {"first_reward", {.first_reward = 2}},
      {"overshoot_tie", {.overshoot_tie = kNan}},
      {"quality_tie", {.quality_tie = -1}},
      {"overshoot_scale", {.overshoot_scale = 0}},
      {"quality_scale", {.quality_scale = kNan}},
  };
  EXPECT_THAT(SelfCompetitionConfig().Validate(), IsOk());
  for (const auto& c : kCases) {
    EXPECT_THAT(c.config.Validate(),
                HasStatus(absl::StatusCode::kInvalidArgument, c.field));
  }
}

}  // namespace
}  // namespace selfplay
