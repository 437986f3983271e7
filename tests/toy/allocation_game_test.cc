#include "tests/toy/allocation_game.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace toy {
namespace {

// Tries everything.
double BruteForceQuality(const AllocationInstance& instance, size_t frame,
                         int units_left) {
  if (frame == instance.weights.size()) return 0;
  double best = 0;
  for (int spend = 0; spend <= std::min(kMaxSpend, units_left); ++spend) {
    best = std::max(
        best, instance.weights[frame] * std::sqrt(spend) +
                  BruteForceQuality(instance, frame + 1, units_left - spend));
  }
  return best;
}

AllocationGame Play(const AllocationInstance& instance,
                    const std::vector<int>& spends) {
  AllocationGame game(instance);
  for (const int units : spends) game.Spend(units);
  return game;
}

TEST(AllocationGameTest, AddsUpQualityWithDiminishingReturns) {
  const AllocationInstance instance = {.weights = {2, 3, 1}, .budget = 10};
  const AllocationGame game = Play(instance, {4, 1, 0});
  EXPECT_DOUBLE_EQ(game.quality(), 2 * 2 + 3 * 1);
  EXPECT_EQ(game.units_spent(), 5);
  EXPECT_TRUE(game.is_finished());
}

TEST(AllocationGameTest, OvershootsAsAnEncodeDoes) {
  const AllocationInstance instance = {.weights = {1, 1}, .budget = 4};
  const struct {
    std::vector<int> spends;
    double want;
  } kCases[] = {{{1, 2}, 0}, {{2, 2}, 0}, {{3, 2}, 0.25}, {{5, 5}, 1.5}};
  for (const auto& c : kCases) {
    EXPECT_DOUBLE_EQ(Play(instance, c.spends).overshoot(), c.want);
  }
}

TEST(AllocationGameTest, ShowsTheFrameToActOnAndWhatWasSpent) {
  const AllocationInstance instance = {.weights = {1, 1}, .budget = 10};
  const muzero::Observation observation = Play(instance, {5}).Observe();
  EXPECT_EQ(observation.num_tokens, 2);
  EXPECT_EQ(observation.focus, 1);
  EXPECT_THAT(observation.tokens, testing::ElementsAre(0, 0, 1, 1, 0, -0.5,  //
                                                       0, 0, 0, 0, 1, 0));
  EXPECT_THAT(observation.context, testing::ElementsAre(0.5, 1, 1, 0.5));
}

TEST(AllocationGameTest, MakesTheSameInstancesFromTheSameSeed) {
  const std::vector<AllocationInstance> instances = MakeInstances(20, 1);
  EXPECT_EQ(instances[7].weights, MakeInstances(8, 1)[7].weights);
  EXPECT_NE(instances[7].weights, MakeInstances(8, 2)[7].weights);
}

TEST(AllocationGameTest, FindsTheOptimumThatBruteForceFinds) {
  for (const AllocationInstance& instance : MakeInstances(8, 1)) {
    EXPECT_NEAR(OptimalQuality(instance),
                BruteForceQuality(instance, 0, instance.budget), 1e-9);
  }
}

TEST(AllocationGameTest, KeepsTheBudgetWhenSpendingEvenly) {
  const AllocationInstance instance = {.weights = {1, 1, 1}, .budget = 5};
  EXPECT_DOUBLE_EQ(EvenQuality(instance), Play(instance, {1, 2, 2}).quality());
}

// Else a policy that looks at no weight would pass the toy proof.
TEST(AllocationGameTest, PunishesSpendingEvenly) {
  double share = 0;
  for (const AllocationInstance& instance : MakeInstances(100, 1)) {
    share += EvenQuality(instance) / OptimalQuality(instance) / 100;
  }
  EXPECT_LT(share, 0.9);
}

}  // namespace
}  // namespace toy
