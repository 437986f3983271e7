#include "selfplay/episode_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "selfplay/training_config.h"

namespace selfplay {
namespace {

constexpr EpisodeChoices kChoices = {
    .num_clips = 3, .num_targets = 4, .seed = 7};

// Pairs of clip and target of `count` tickets.
std::vector<std::pair<int, int>> Pairs(const EpisodeChoices& choices,
                                       int64_t first, int count) {
  std::vector<std::pair<int, int>> pairs;
  for (int64_t ticket = first; ticket < first + count; ++ticket) {
    const EpisodePlan plan = PlanEpisode(ticket, choices, {});
    pairs.emplace_back(plan.clip, plan.target);
  }
  return pairs;
}

TEST(PlanEpisodeTest, HasEveryPairOnceInEachRound) {
  for (const int64_t round : {0, 1, 1000}) {
    const auto pairs = Pairs(kChoices, 12 * round, 12);
    EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), 12);
    for (const auto& [clip, target] : pairs) {
      EXPECT_TRUE(clip >= 0 && clip < 3 && target >= 0 && target < 4);
    }
  }
}

TEST(PlanEpisodeTest, ShufflesEachRoundAnew) {
  EXPECT_NE(Pairs(kChoices, 0, 12), Pairs(kChoices, 12, 12));
  EpisodeChoices other = kChoices;
  other.seed = uint64_t{7} << 32;
  EXPECT_NE(Pairs(kChoices, 0, 12), Pairs(other, 0, 12));
}

TEST(PlanEpisodeTest, ShufflesEvenly) {
  std::map<int, int> first_clips;
  for (int round = 0; round < 3000; ++round) {
    ++first_clips[PlanEpisode(12 * round, kChoices, {}).clip];
  }
  for (const auto& [clip, count] : first_clips) {
    EXPECT_NEAR(count, 1000, 120) << clip;
  }
}

TEST(PlanEpisodeTest, IsTheSameOnEveryMachine) {
  const EpisodePlan plan = PlanEpisode(5, kChoices, {});
  EXPECT_EQ(plan.search_seed, PlanEpisode(5, kChoices, {}).search_seed);
  EXPECT_THAT(Pairs(kChoices, 0, 3),
              testing::ElementsAre(testing::Pair(0, 3), testing::Pair(2, 2),
                                   testing::Pair(2, 3)));
}

TEST(PlanEpisodeTest, GivesEveryEpisodeASearchSeedOfItsOwn) {
  std::set<uint64_t> seeds;
  for (int64_t ticket = 0; ticket < 1000; ++ticket) {
    seeds.insert(PlanEpisode(ticket, kChoices, {}).search_seed);
  }
  EXPECT_EQ(seeds.size(), 1000);
}

TEST(PlanEpisodeTest, GuardsTheFractionThatIsWanted) {
  for (const double fraction : {0.0, 0.25, 1.0}) {
    int guarded = 0;
    for (int64_t ticket = 0; ticket < 2000; ++ticket) {
      guarded += PlanEpisode(ticket, kChoices, {.guarded_fraction = fraction})
                     .is_guarded;
    }
    EXPECT_NEAR(guarded / 2000.0, fraction, 0.04);
  }
}

TEST(ExplorationAtTest, FallsInAStraightLine) {
  const SelfPlayConfig config = {.final_exploration = 0.3,
                                 .exploration_episodes = 100};
  EXPECT_DOUBLE_EQ(ExplorationAt(0, config), 1);
  EXPECT_DOUBLE_EQ(ExplorationAt(50, config), 0.65);
  EXPECT_DOUBLE_EQ(ExplorationAt(100, config), 0.3);
  EXPECT_DOUBLE_EQ(ExplorationAt(int64_t{1} << 40, config), 0.3);
}

TEST(ExplorationAtTest, IsAtItsEndAtOnceIfItTakesNoEpisodes) {
  EXPECT_DOUBLE_EQ(
      ExplorationAt(0, {.final_exploration = 0.3, .exploration_episodes = 0}),
      0.3);
}

TEST(WithExplorationTest, ScalesAllNoiseAndNothingElse) {
  const muzero::SearchConfig search = WithExploration({}, 0.5);
  EXPECT_DOUBLE_EQ(search.gumbel_scale, 0.5);
  EXPECT_DOUBLE_EQ(search.root_exploration_fraction, 0.125);
  EXPECT_DOUBLE_EQ(search.visit_softmax_temperature, 0.5);
  EXPECT_EQ(search.num_simulations, muzero::SearchConfig().num_simulations);
}

}  // namespace
}  // namespace selfplay
