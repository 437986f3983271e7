#include "selfplay/replay_buffer.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

// An episode whose actions and observations tell its name.
ReplayEpisode MakeEpisode(int num_steps, int name) {
  ReplayEpisode episode;
  episode.episode.steps.assign(static_cast<size_t>(num_steps),
                               {.action = name});
  episode.observe = [name](int step) {
    return muzero::Observation{.num_tokens = name, .focus = step};
  };
  return episode;
}

ReplayBuffer MakeBuffer(const ReplayConfig& config,
                        const std::vector<int>& lengths) {
  ReplayBuffer buffer(config);
  for (int i = 0; i < static_cast<int>(lengths.size()); ++i) {
    EXPECT_THAT(buffer.Insert(MakeEpisode(lengths[static_cast<size_t>(i)], i)),
                IsOk());
  }
  return buffer;
}

using Shares = std::map<std::pair<int64_t, int>, double>;

// How often each step was among `count` drawn ones.
Shares DrawShares(const ReplayBuffer& buffer, int count) {
  std::mt19937_64 random(1);
  Shares shares;
  for (const DrawnStep& drawn : buffer.Draw(count, random)) {
    shares[{drawn.key.episode_id, drawn.key.step}] += 1.0 / count;
  }
  return shares;
}

TEST(ReplayBufferTest, CountsWhatItHolds) {
  const ReplayBuffer buffer = MakeBuffer({.capacity_steps = 10}, {3, 1, 4});
  EXPECT_EQ(buffer.num_episodes(), 3);
  EXPECT_EQ(buffer.num_steps(), 8);
  EXPECT_EQ(buffer.episode(2).episode.steps[0].action, 2);
}

TEST(ReplayBufferTest, NamesEpisodesInOrder) {
  ReplayBuffer buffer({.capacity_steps = 4});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(buffer.Insert(MakeEpisode(2, i)).value(), i);
  }
}

TEST(ReplayBufferTest, DropsTheOldestEpisodesItHasNoRoomFor) {
  ReplayBuffer buffer = MakeBuffer({.capacity_steps = 10}, {3, 3, 4});
  ASSERT_THAT(buffer.Insert(MakeEpisode(5, 3)), IsOk());
  EXPECT_EQ(buffer.num_episodes(), 2);
  EXPECT_EQ(buffer.num_steps(), 9);
  EXPECT_EQ(buffer.episode(0).episode.steps[0].action, 2);
  EXPECT_EQ(DrawShares(buffer, 1000).size(), 9u);
}

TEST(ReplayBufferTest, GivesEveryDrawnStepItsEpisodeWhenFullManyTimesOver) {
  const std::vector<int> lengths = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7};
  const ReplayBuffer buffer = MakeBuffer({.capacity_steps = 17}, lengths);
  std::mt19937_64 random(1);
  for (const DrawnStep& drawn : buffer.Draw(1000, random)) {
    const auto name = static_cast<int>(drawn.key.episode_id);
    EXPECT_EQ(drawn.episode->episode.steps[0].action, name);
    EXPECT_LT(drawn.key.step, lengths[static_cast<size_t>(name)]);
    EXPECT_EQ(drawn.episode->observe(drawn.key.step).num_tokens, name);
    EXPECT_EQ(drawn.episode->observe(drawn.key.step).focus, drawn.key.step);
  }
}

TEST(ReplayBufferTest, RefusesEpisodesThatCannotFit) {
  ReplayBuffer buffer = MakeBuffer({.capacity_steps = 4}, {4});
  EXPECT_THAT(buffer.Insert(MakeEpisode(0, 1)),
              HasStatus(absl::StatusCode::kInvalidArgument, "0 steps"));
  EXPECT_THAT(buffer.Insert(MakeEpisode(5, 1)),
              HasStatus(absl::StatusCode::kInvalidArgument, "5 steps"));
  EXPECT_EQ(buffer.num_steps(), 4);
}

TEST(ReplayBufferTest, DrawsNewStepsEvenly) {
  const ReplayBuffer buffer = MakeBuffer({.capacity_steps = 10}, {3, 5});
  for (const auto& [step, share] : DrawShares(buffer, 80'000)) {
    EXPECT_NEAR(share, 1.0 / 8, 0.01);
  }
}

TEST(ReplayBufferTest, DrawsInProportionToPriorityToTheAlpha) {
  ReplayBuffer buffer = MakeBuffer(
      {.capacity_steps = 9, .priority_exponent = 0.5, .priority_floor = 1e-9},
      {2, 1});
  buffer.UpdatePriority({.episode_id = 0, .step = 0}, 1);
  buffer.UpdatePriority({.episode_id = 0, .step = 1}, 9);
  buffer.UpdatePriority({.episode_id = 1, .step = 0}, 16);
  Shares shares = DrawShares(buffer, 80'000);
  EXPECT_NEAR((shares[{0, 0}]), 1.0 / 8, 0.01);
  EXPECT_NEAR((shares[{0, 1}]), 3.0 / 8, 0.01);
  EXPECT_NEAR((shares[{1, 0}]), 4.0 / 8, 0.01);
}

TEST(ReplayBufferTest, StillDrawsAStepOfNoPriority) {
  ReplayBuffer buffer = MakeBuffer({.priority_floor = 0.1}, {2});
  buffer.UpdatePriority({.episode_id = 0, .step = 0}, 0);
  EXPECT_EQ(DrawShares(buffer, 1000).size(), 2u);
}

TEST(ReplayBufferTest, GivesNewStepsTheHighestPriority) {
  ReplayBuffer buffer = MakeBuffer({}, {1});
  buffer.UpdatePriority({.episode_id = 0, .step = 0}, 50);
  ASSERT_THAT(buffer.Insert(MakeEpisode(1, 1)), IsOk());
  EXPECT_NEAR((DrawShares(buffer, 10'000)[{1, 0}]), 0.5, 0.02);
}

TEST(ReplayBufferTest, TakesTheBiasBackByImportanceWeights) {
  ReplayBuffer buffer = MakeBuffer({.priority_exponent = 1,
                                    .importance_exponent = 1,
                                    .priority_floor = 1e-9},
                                   {2});
  buffer.UpdatePriority({.episode_id = 0, .step = 0}, 1);
  buffer.UpdatePriority({.episode_id = 0, .step = 1}, 4);
  std::mt19937_64 random(1);
  for (const DrawnStep& drawn : buffer.Draw(100, random)) {
    EXPECT_NEAR(drawn.importance_weight, drawn.key.step == 0 ? 1 : 0.25, 1e-6);
  }
}

TEST(ReplayBufferTest, LeavesDroppedEpisodesAlone) {
  ReplayBuffer buffer = MakeBuffer({.capacity_steps = 2}, {2, 2});
  buffer.UpdatePriority({.episode_id = 0, .step = 0}, 1e6);
  EXPECT_NEAR((DrawShares(buffer, 10'000)[{1, 0}]), 0.5, 0.02);
}

TEST(ReplayBufferTest, DrawsTheSameFromTheSameSeed) {
  const ReplayBuffer buffer = MakeBuffer({}, {5, 7, 9});
  EXPECT_EQ(DrawShares(buffer, 50), DrawShares(buffer, 50));
}

TEST(ReplayBufferTest, RefusesSettingsThatMakeNoSense) {
  const struct {
    const char* field;
    ReplayConfig config;
  } kCases[] = {
      {"capacity_steps", {.capacity_steps = 0}},
      {"priority_exponent", {.priority_exponent = -1}},
      {"importance_exponent", {.importance_exponent = 2}},
      {"priority_floor", {.priority_floor = 0}},
  };
  EXPECT_THAT(ReplayConfig().Validate(), IsOk());
  for (const auto& c : kCases) {
    EXPECT_THAT(c.config.Validate(),
                HasStatus(absl::StatusCode::kInvalidArgument, c.field));
  }
}

// Draws of a buffer that dropped some, and of one that took up its state.
TEST(ReplayBufferTest, TakesUpTheStateOfAnother) {
  const ReplayConfig config = {.capacity_steps = 10};
  ReplayBuffer buffer = MakeBuffer(config, {3, 4, 2, 3});
  buffer.UpdatePriority({.episode_id = 2, .step = 1}, 7.5);
  ReplayBuffer other(config);
  ASSERT_THAT(
      other.Restore(buffer.state(),
                    {MakeEpisode(4, 1), MakeEpisode(2, 2), MakeEpisode(3, 3)}),
      IsOk());
  EXPECT_EQ(DrawShares(buffer, 100), DrawShares(other, 100));
  EXPECT_EQ(buffer.Insert(MakeEpisode(5, 4)).value(),
            other.Insert(MakeEpisode(5, 4)).value());
  EXPECT_EQ(DrawShares(buffer, 100), DrawShares(other, 100));
}

TEST(ReplayBufferTest, RefusesTheStateOfOtherEpisodes) {
  const ReplayBuffer buffer = MakeBuffer({}, {3, 4});
  ReplayBuffer other{ReplayConfig()};
  EXPECT_THAT(other.Restore(buffer.state(), {MakeEpisode(3, 0)}),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        "7 steps with episodes of 3"));
}

}  // namespace
}  // namespace selfplay
