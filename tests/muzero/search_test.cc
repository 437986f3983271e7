#include "muzero/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tests/muzero/fake_model.h"
#include "tests/muzero/random_mdp.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr SearchAlgorithm kBoth[] = {SearchAlgorithm::kGumbel,
                                     SearchAlgorithm::kPuct};

using Answer = std::vector<Prediction>;

class SearchTest : public testing::Test {
 protected:
  static Mdp SomeMdp() {
    std::mt19937_64 random(17);
    return RandomTree(/*num_actions=*/6, /*depth=*/3, 1, random);
  }

  absl::StatusOr<SearchResult> SearchWith(const SearchConfig& config,
                                          uint64_t seed = 1) {
    std::mt19937_64 random(seed);
    return Search(config, ObservationOf(0), model_, random, tree_);
  }

  // What comes of it if the model's answer number `call` is changed so.
  absl::StatusOr<SearchResult> SearchWithBroken(
      int call, const std::function<void(Answer&)>& change) {
    FakeModel model(SomeMdp());
    model.set_tamper([&](int c, Answer& answer) {
      if (c == call) change(answer);
    });
    std::mt19937_64 random(1);
    return Search({}, ObservationOf(0), model, random, tree_);
  }

  FakeModel model_{SomeMdp()};
  SearchTree tree_;
};

TEST_F(SearchTest, SameSeedGivesTheSameResultBitForBit) {
  for (const SearchAlgorithm algorithm : kBoth) {
    const SearchConfig config = {.algorithm = algorithm};
    const SearchResult first = *SearchWith(config, 5);
    for (int i = 0; i < 3; ++i) {
      const SearchResult again = *SearchWith(config, 5);
      EXPECT_EQ(again.action, first.action);
      EXPECT_EQ(again.search_policy, first.search_policy);
      EXPECT_EQ(again.root_value, first.root_value);
    }
  }
}

TEST_F(SearchTest, DifferentSeedsDiffer) {
  for (const SearchAlgorithm algorithm : kBoth) {
    std::set<double> root_values;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      root_values.insert(
          SearchWith({.algorithm = algorithm, .num_simulations = 4}, seed)
              ->root_value);
    }
    EXPECT_GT(root_values.size(), 1u);
  }
}

TEST_F(SearchTest, GreedyDoesNotDependOnTheSeed) {
  for (const SearchAlgorithm algorithm : kBoth) {
    const SearchConfig config = SearchConfig{.algorithm = algorithm}.Greedy();
    EXPECT_EQ(SearchWith(config, 1)->search_policy,
              SearchWith(config, 2)->search_policy);
    EXPECT_EQ(SearchWith(config, 1)->action, SearchWith(config, 2)->action);
  }
}

TEST_F(SearchTest, PuctCallsTheModelForTheRootAndForEachSimulation) {
  FakeModel model(SomeMdp());
  std::mt19937_64 random(1);
  ASSERT_THAT(
      Search({.algorithm = SearchAlgorithm::kPuct, .num_simulations = 9},
             ObservationOf(0), model, random, tree_),
      IsOk());
  EXPECT_EQ(model.num_calls(), 10);
  EXPECT_EQ(tree_.num_nodes(), 10);
  EXPECT_EQ(tree_.visit_count(SearchTree::kRootIndex), 10);
}

TEST_F(SearchTest, GumbelCallsTheModelOnceForAllActionsThatItConsiders) {
  const struct {
    int num_simulations;
    int num_calls;  // The root's and that of the 4 actions with it.
  } kCases[] = {{0, 1}, {1, 2}, {3, 2}, {4, 2}, {5, 3}, {9, 7}};
  for (const auto& c : kCases) {
    FakeModel model(SomeMdp());
    std::mt19937_64 random(1);
    ASSERT_THAT(Search({.num_simulations = c.num_simulations,
                        .max_num_considered_actions = 4},
                       ObservationOf(0), model, random, tree_),
                IsOk());
    EXPECT_EQ(model.num_calls(), c.num_calls);
    EXPECT_EQ(tree_.num_nodes(), 1 + c.num_simulations);
    EXPECT_EQ(tree_.visit_count(SearchTree::kRootIndex), 1 + c.num_simulations);
  }
}

TEST_F(SearchTest, PolicySumsToOneAndActionWasVisited) {
  for (const SearchAlgorithm algorithm : kBoth) {
    const SearchResult result = *SearchWith({.algorithm = algorithm});
    EXPECT_NEAR(std::accumulate(result.search_policy.begin(),
                                result.search_policy.end(), 0.0),
                1, 1e-5);
    EXPECT_GT(tree_.RootEdge(result.action).visit_count, 0);
    EXPECT_TRUE(tree_.RootEdge(result.action).auxiliary.has_value());
  }
}

TEST_F(SearchTest, WithoutSimulationsThePriorDecides) {
  for (const SearchAlgorithm algorithm : kBoth) {
    const SearchConfig config = {.algorithm = algorithm, .num_simulations = 0};
    const SearchResult result = *SearchWith(config.Greedy());
    const absl::Span<const float> priors = tree_.priors(0);
    EXPECT_EQ(result.action,
              std::max_element(priors.begin(), priors.end()) - priors.begin());
    EXPECT_THAT(result.search_policy,
                testing::Pointwise(testing::FloatNear(1e-6f), priors));
    EXPECT_EQ(result.root_value, tree_.raw_value(0));
    EXPECT_FALSE(tree_.RootEdge(result.action).auxiliary.has_value());
  }
}

TEST_F(SearchTest, PuctDrawsActionsInProportionToVisits) {
  const SearchConfig config = {.algorithm = SearchAlgorithm::kPuct,
                               .num_simulations = 12,
                               .root_exploration_fraction = 0};
  std::vector<int> counts(6, 0);
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    ++counts[static_cast<size_t>(SearchWith(config, seed)->action)];
  }
  for (int action = 0; action < 6; ++action) {
    EXPECT_NEAR(counts[static_cast<size_t>(action)],
                2000 * tree_.RootEdge(action).visit_count / 12.0, 120);
  }
}

TEST_F(SearchTest, PuctNoiseLeadsToActionsThatThePriorHides) {
  FakeModel model({.logits = {{20, 0, 0, 0}},
                   .values = {0},
                   .rewards = {{0, 0, 0, 0}},
                   .next_states = {{0, 0, 0, 0}}});
  SearchConfig config = {.algorithm = SearchAlgorithm::kPuct};
  const auto hidden_visits = [&] {
    std::mt19937_64 random(1);
    EXPECT_THAT(Search(config, ObservationOf(0), model, random, tree_), IsOk());
    return 16 - tree_.RootEdge(0).visit_count;
  };
  EXPECT_GT(hidden_visits(), 0);
  config.root_exploration_fraction = 0;
  EXPECT_EQ(hidden_visits(), 0);
}

TEST_F(SearchTest, GumbelTriesAsManyActionsAsItMayConsider) {
  ASSERT_THAT(
      SearchWith({.num_simulations = 8, .max_num_considered_actions = 3}),
      IsOk());
  EXPECT_EQ(tree_.Statistics().num_visited_actions, 3);
}

TEST_F(SearchTest, SpreadsLikeThePriorWhenAllValuesAreEqual) {
  FakeModel model({.logits = {{0, 1, 2}},
                   .values = {0.5},
                   .rewards = {{0, 0, 0}},
                   .next_states = {{0, 0, 0}}});
  std::mt19937_64 random(1);
  const SearchResult result =
      *Search({}, ObservationOf(0), model, random, tree_);
  EXPECT_THAT(result.search_policy,
              testing::Pointwise(testing::FloatNear(1e-5f), tree_.priors(0)));
  EXPECT_NEAR(result.root_value, 0.5, 1e-6);
}

TEST_F(SearchTest, ReportsWhatIsWrongWithAnAnswer) {
  const struct {
    int call;  // 0: the root's.
    const char* message;
    std::function<void(Prediction&)> change;
  } kCases[] = {
      {0, "value is nan", [](Prediction& p) { p.value = kNan; }},
      {3, "value is inf", [](Prediction& p) { p.value = kInfinity; }},
      {3, "reward is nan", [](Prediction& p) { p.reward = kNan; }},
      {0, "entry 2 of the model's policy is nan",
       [](Prediction& p) { p.policy_logits[2] = kNan; }},
      {3, "policy is -inf",
       [](Prediction& p) { p.policy_logits[0] = -kInfinity; }},
      {0, "policy has 7 entries, not 6",
       [](Prediction& p) { p.policy_logits.push_back(0); }},
      {3, "hidden state is nan",
       [](Prediction& p) { p.hidden_state[0] = kNan; }},
      {3, "hidden state has 2 entries, not 1",
       [](Prediction& p) { p.hidden_state.push_back(0); }},
      {3, "auxiliary prediction has 0 entries, not 2",
       [](Prediction& p) { p.auxiliary.clear(); }},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(
        SearchWithBroken(c.call, [&c](Answer& answer) { c.change(answer[0]); }),
        HasStatus(absl::StatusCode::kInternal, c.message));
  }
}

TEST_F(SearchTest, ReportsWhatIsWrongWithTheLastAnswerOfSeveral) {
  EXPECT_THAT(
      SearchWithBroken(1, [](Answer& answer) { answer.back().value = kNan; }),
      HasStatus(absl::StatusCode::kInternal, "value is nan"));
}

TEST_F(SearchTest, ReportsAnAnswerOfTheWrongLength) {
  for (const int call : {0, 2}) {
    EXPECT_THAT(
        SearchWithBroken(call, [](Answer& answer) { answer.clear(); }),
        HasStatus(absl::StatusCode::kInternal, "answer has 0 entries, not 1"));
  }
}

TEST_F(SearchTest, HandsAuxiliaryPredictionsThroughUnseen) {
  const auto result = SearchWithBroken(
      3, [](Answer& answer) { answer[0].auxiliary[0] = kNan; });
  EXPECT_THAT(result, IsOk());
}

class FailingModel : public FakeModel {
 public:
  using FakeModel::FakeModel;
  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition>) override {
    return absl::UnavailableError("the device is gone");
  }
};

TEST_F(SearchTest, ReturnsTheModelsError) {
  FailingModel model(SomeMdp());
  std::mt19937_64 random(1);
  EXPECT_THAT(Search({}, ObservationOf(0), model, random, tree_),
              HasStatus(absl::StatusCode::kUnavailable, "the device is gone"));
}

TEST_F(SearchTest, TakesExtremeButFinitePredictions) {
  for (const SearchAlgorithm algorithm : kBoth) {
    FakeModel model({.logits = {{3e38f, -3e38f, 0}},
                     .values = {-3e38f},
                     .rewards = {{3e38f, -3e38f, 0}},
                     .next_states = {{0, 0, 0}}});
    std::mt19937_64 random(1);
    const auto result = Search({.algorithm = algorithm}, ObservationOf(0),
                               model, random, tree_);
    ASSERT_THAT(result, IsOk());
    EXPECT_NEAR(std::accumulate(result->search_policy.begin(),
                                result->search_policy.end(), 0.0),
                1, 1e-5);
  }
}

}  // namespace
}  // namespace muzero
