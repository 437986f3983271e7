#include "selfplay/replay_batch.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::IsOk;

// A buffer of one episode of three steps, with actions 10, 11 and 12.
ReplayBuffer MakeBuffer() {
  ReplayBuffer buffer({.capacity_steps = 8});
  ReplayEpisode episode;
  for (int i = 0; i < 3; ++i)
    episode.episode.steps.push_back({.action = 10 + i});
  episode.episode.steps.back().reward = 1;
  episode.observe = [](int step) {
    return muzero::Observation{.num_tokens = 1, .focus = step};
  };
  EXPECT_THAT(buffer.Insert(std::move(episode)), IsOk());
  return buffer;
}

ReplayBatch MakeBatch(const ReplayBuffer& buffer, uint64_t seed) {
  std::mt19937_64 random(seed);
  return MakeReplayBatch(buffer.Draw(32, random), {.num_unroll_steps = 2},
                         /*num_actions=*/20, random);
}

TEST(ReplayBatchTest, UnrollsFromTheStepThatWasDrawn) {
  const ReplayBuffer buffer = MakeBuffer();
  const ReplayBatch batch = MakeBatch(buffer, 1);
  ASSERT_EQ(batch.samples.size(), 32);
  for (size_t i = 0; i < batch.samples.size(); ++i) {
    EXPECT_EQ(batch.samples[i].observation.focus, batch.keys[i].step);
    EXPECT_EQ(batch.samples[i].actions[0], 10 + batch.keys[i].step);
  }
}

TEST(ReplayBatchTest, TakesTheRewardThatAnEpisodeHasNow) {
  ReplayBuffer buffer = MakeBuffer();
  buffer.mutable_episode(0).steps.back().reward = -0.5F;
  for (const muzero::Sample& sample : MakeBatch(buffer, 1).samples) {
    EXPECT_EQ(sample.targets[0].value, -0.5F);
  }
}

TEST(ReplayBatchTest, ActionsPastTheEndAreAnyOnes) {
  std::set<int> actions;
  const ReplayBuffer buffer = MakeBuffer();
  const ReplayBatch batch = MakeBatch(buffer, 1);
  for (size_t i = 0; i < batch.samples.size(); ++i) {
    if (batch.keys[i].step == 2) actions.insert(batch.samples[i].actions[1]);
  }
  EXPECT_GT(actions.size(), 3);
}

}  // namespace
}  // namespace selfplay
