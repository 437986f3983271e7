#include "selfplay/self_competition.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The history that the table compares with: 40 dB, and 0 or 5 % too large.
constexpr History kWithin = {.quality = 40, .overshoot = 0, .episodes = 9};
constexpr History kOver = {.quality = 40, .overshoot = 0.05, .episodes = 9};
constexpr History kNone = {};

TEST(SelfCompetitionTest, RewardsByTheRuleThatIsChosen) {
  const SelfCompetitionConfig config = {.overshoot_tolerance = 0.01,
                                        .overshoot_tie = 0.015,
                                        .quality_tie = 0.5,
                                        .overshoot_scale = 0.1,
                                        .quality_scale = 2};
  const struct {
    const char* name;
    History history;
    Outcome outcome;
    double win_loss;
    double win_loss_tolerance;
    double gain;
  } kCases[] = {
      {"both within: clearly better", kWithin, {41, 0}, 1, 1, 0.5},
      {"both within: clearly worse", kWithin, {39, 0}, -1, -1, -0.5},
      {"both within: a little better", kWithin, {40.5, 0}, 1, 0, 0.25},
      {"both within: a little worse", kWithin, {39.5, 0}, -1, 0, -0.25},
      {"both within: equal", kWithin, {40, 0}, 0, 0, 0},
      {"both within: far better is clamped", kWithin, {50, 0}, 1, 1, 1},
      {"both within: far worse is clamped", kWithin, {30, 0}, -1, -1, -1},
      {"overshoot in the tolerance is none", kWithin, {41, 0.01}, 1, 1, 0.5},
      {"only the episode over", kWithin, {40, 0.03}, -1, -1, -0.2},
      {"only the episode over, but better", kWithin, {41, 0.03}, -1, -1, 0.3},
      {"only the episode over, a little", kWithin, {40, 0.015}, -1, 0, -0.05},
      {"far too large is clamped", kWithin, {40, 0.9}, -1, -1, -1},
      {"only the average over", kOver, {40, 0}, 1, 1, 0.4},
      {"only the average over, but worse", kOver, {39, 0}, 1, 1, -0.1},
      {"both over: clearly less", kOver, {40, 0.03}, 1, 1, 0.2},
      {"both over: less, but worse", kOver, {39, 0.03}, 1, 1, -0.3},
      {"both over: a little less", kOver, {40, 0.04}, 1, 0, 0.1},
      {"both over: a little more", kOver, {40, 0.06}, -1, 0, -0.1},
      {"both over: clearly more, but better", kOver, {41, 0.07}, -1, -1, 0.3},
      {"both over: equal, but better", kOver, {41, 0.05}, 0, 0, 0.5},
      {"no history", kNone, {41, 0}, 0, 0, 0},
      {"no history, over", kNone, {41, 0.5}, 0, 0, 0},
  };
  const auto reward = [&config](const auto& c, RewardRule rule) {
    SelfCompetitionConfig chosen = config;
    chosen.rule = rule;
    return Reward(c.history, c.outcome, chosen);
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(reward(c, RewardRule::kWinLoss), c.win_loss);
    EXPECT_EQ(reward(c, RewardRule::kWinLossTolerance), c.win_loss_tolerance);
    EXPECT_NEAR(reward(c, RewardRule::kGain), c.gain, 1e-12);
  }
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
