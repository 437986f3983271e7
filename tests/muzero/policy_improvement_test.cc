#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "muzero/search.h"
#include "muzero/softmax.h"
#include "tests/muzero/fake_model.h"
#include "tests/muzero/random_mdp.h"

namespace muzero {
namespace {

double Mean(const std::vector<float>& policy, const std::vector<double>& q) {
  double mean = 0;
  for (size_t a = 0; a < q.size(); ++a) mean += policy[a] * q[a];
  return mean;
}

// Perfect models deserve trust: Q-values weigh much.
SearchConfig Trusting(SearchAlgorithm algorithm, int num_simulations) {
  return {.algorithm = algorithm,
          .num_simulations = num_simulations,
          .max_num_considered_actions = 32,
          .c_scale = 1,
          .visit_softmax_temperature = 0};
}

// Share of `mdps` whose optimal first action the search finds.
double FindRate(const std::vector<Mdp>& mdps, const SearchConfig& config) {
  SearchTree tree;
  std::mt19937_64 random(1);
  double found = 0;
  for (const Mdp& mdp : mdps) {
    FakeModel model(mdp);
    const std::vector<double> q = OptimalQ(mdp);
    const int action =
        Search(config, ObservationOf(0), model, random, tree)->action;
    if (q[static_cast<size_t>(action)] ==
        *std::max_element(q.begin(), q.end())) {
      ++found;
    }
  }
  return found / static_cast<double>(mdps.size());
}

std::vector<Mdp> RandomTrees(int num_actions, int depth) {
  std::mt19937_64 random(12);
  std::vector<Mdp> mdps;
  for (int i = 0; i < 400; ++i) {
    mdps.push_back(RandomTree(num_actions, depth, 1, random));
  }
  return mdps;
}

// At 4, 8, 16, 32, 64 simulations.
std::vector<double> FindRates(const std::vector<Mdp>& mdps,
                              SearchAlgorithm algorithm) {
  std::vector<double> rates;
  for (const int num_simulations : {4, 8, 16, 32, 64}) {
    rates.push_back(FindRate(mdps, Trusting(algorithm, num_simulations)));
  }
  return rates;
}

// Chance moves these rates by some 0.025 (one standard deviation).
void ExpectRising(const std::vector<double>& rates) {
  SCOPED_TRACE(testing::PrintToString(rates));
  EXPECT_GT(rates.back(), rates.front() + 0.1);
  for (size_t i = 1; i < rates.size(); ++i) {
    EXPECT_GT(rates[i], rates[i - 1] - 0.02);
  }
}

TEST(FindRateTest, GumbelFindsABanditsBestArmTheOftenerTheMoreSimulations) {
  const std::vector<double> rates =
      FindRates(RandomTrees(24, 1), SearchAlgorithm::kGumbel);
  ExpectRising(rates);
  EXPECT_GT(rates.back(), 0.7);
}

TEST(FindRateTest, GumbelFindsATreesBestActionTheOftenerTheMoreSimulations) {
  const std::vector<double> rates =
      FindRates(RandomTrees(6, 2), SearchAlgorithm::kGumbel);
  ExpectRising(rates);
  EXPECT_GT(rates.back(), 0.6);
}

// pUCT tries its prior's favourites first, and over again as long as they look
// good: it needs many more simulations than there are actions.
TEST(FindRateTest, PuctFindsABanditsBestArmTheOftenerTheMoreSimulations) {
  const std::vector<double> rates =
      FindRates(RandomTrees(4, 1), SearchAlgorithm::kPuct);
  ExpectRising(rates);
  EXPECT_GT(rates.back(), 0.6);
}

TEST(FindRateTest, PuctFindsATreesBestActionTheOftenerTheMoreSimulations) {
  const std::vector<double> rates =
      FindRates(RandomTrees(4, 2), SearchAlgorithm::kPuct);
  ExpectRising(rates);
  EXPECT_GT(rates.back(), 0.5);
}

// What the search makes of a policy's value, on average over seeds.
struct Improvement {
  double before = 0;     // sum pi q
  double by_action = 0;  // E[q(chosen action)]
  double by_policy = 0;  // sum pi' q
};

Improvement MeanImprovement(const Mdp& mdp, const SearchConfig& config,
                            int num_seeds) {
  FakeModel model(mdp);
  const std::vector<double> q = PolicyQ(mdp);
  SearchTree tree;
  Improvement result = {.before = Mean(Softmax<float>(mdp.logits[0]), q)};
  for (int seed = 0; seed < num_seeds; ++seed) {
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    const SearchResult search =
        *Search(config, ObservationOf(0), model, random, tree);
    result.by_action += q[static_cast<size_t>(search.action)] / num_seeds;
    result.by_policy += Mean(search.search_policy, q) / num_seeds;
  }
  return result;
}

// [Gumbel MuZero, Sec. 3]: where Q-values are right, the expected Q-value of
// the chosen action is no worse than the policy's, however few simulations
// there are, and the same is true of the improved policy.
TEST(PolicyImprovementTest, GumbelImprovesOnEveryBanditsPrior) {
  std::mt19937_64 random(21);
  for (int i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    const Mdp bandit = RandomBandit(/*num_actions=*/64, 2, random);
    for (const int num_simulations : {4, 8, 16}) {
      SCOPED_TRACE(num_simulations);
      const Improvement improvement = MeanImprovement(
          bandit, {.num_simulations = num_simulations}, /*num_seeds=*/60);
      EXPECT_GT(improvement.by_action, improvement.before + 0.05);
      EXPECT_GT(improvement.by_policy, improvement.before + 0.01);
    }
  }
}

TEST(PolicyImprovementTest, GumbelImprovesOnEveryTreesPrior) {
  std::mt19937_64 random(24);
  for (int i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    const Mdp tree = RandomTree(/*num_actions=*/6, /*depth=*/2, 1, random);
    for (const int num_simulations : {4, 8, 16}) {
      SCOPED_TRACE(num_simulations);
      const Improvement improvement = MeanImprovement(
          tree, {.num_simulations = num_simulations}, /*num_seeds=*/60);
      EXPECT_GT(improvement.by_action, improvement.before + 0.05);
      EXPECT_GT(improvement.by_policy, improvement.before + 0.01);
    }
  }
}

// The hard case: a policy that all but hides the good actions.
TEST(PolicyImprovementTest, GumbelImprovesOnAPriorThatIsWrong) {
  std::mt19937_64 random(22);
  Mdp bandit = RandomBandit(/*num_actions=*/32, 0, random);
  for (size_t action = 0; action < 32; ++action) {
    bandit.logits[0][action] = -4 * bandit.rewards[0][action];
  }
  bandit.values[0] = static_cast<float>(
      Mean(Softmax<float>(bandit.logits[0]), PolicyQ(bandit)));
  for (const int num_simulations : {4, 8, 16}) {
    const Improvement improvement = MeanImprovement(
        bandit, {.num_simulations = num_simulations}, /*num_seeds=*/300);
    EXPECT_GT(improvement.by_action, improvement.before + 0.05);
    EXPECT_GT(improvement.by_policy, improvement.before + 0.05);
  }
}

TEST(PolicyImprovementTest, GumbelImprovesTheMoreTheMoreSimulations) {
  std::mt19937_64 random(23);
  const Mdp bandit = RandomBandit(/*num_actions=*/64, 1, random);
  double last = MeanImprovement(bandit, {.num_simulations = 0}, 1000).by_action;
  EXPECT_NEAR(last, MeanImprovement(bandit, {}, 1).before, 0.03);
  for (const int num_simulations : {4, 8, 16}) {
    const SearchConfig config = {.num_simulations = num_simulations};
    const double value = MeanImprovement(bandit, config, 300).by_action;
    EXPECT_GT(value, last);
    last = value;
  }
}

}  // namespace
}  // namespace muzero
