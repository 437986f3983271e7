#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "muzero/search.h"
#include "tests/muzero/fake_model.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::nlohmann::json;
using ::testing::FloatNear;
using ::testing::Pointwise;
using ::testing_support::IsOk;

constexpr float kTolerance = 1e-5f;  // Models answer in floats.

// Searches worked out by golden/make_golden_trees.py.
std::vector<json> GoldenSearches() {
  std::ifstream file(GOLDEN_TREES);
  return json::parse(file).get<std::vector<json>>();
}

SearchConfig ConfigOf(const json& golden) {
  const json& config = golden["config"];
  SearchConfig result = {
      .algorithm = config["algorithm"] == "puct" ? SearchAlgorithm::kPuct
                                                 : SearchAlgorithm::kGumbel,
      .num_simulations = config["num_simulations"],
      .discount = config["discount"],
      .max_num_considered_actions = config["max_num_considered_actions"],
      .gumbel_scale = config["gumbel_scale"],
      .c_visit = config["c_visit"],
      .c_scale = config["c_scale"],
      .pb_c_init = config["pb_c_init"],
      .pb_c_base = config["pb_c_base"],
  };
  // pUCT is compared without noise, which is tested elsewhere.
  result.root_exploration_fraction = 0;
  result.visit_softmax_temperature = 0;
  return result;
}

class GoldenSearchTest : public testing::TestWithParam<json> {
 protected:
  void SetUp() override {
    const json& golden = GetParam();
    const json& mdp = golden["mdp"];
    FakeModel model({.logits = mdp["logits"],
                     .values = mdp["values"],
                     .rewards = mdp["rewards"],
                     .next_states = mdp["next_states"]});
    std::mt19937_64 random(golden["config"]["seed"].get<uint64_t>());
    auto result = Search(ConfigOf(golden), ObservationOf(mdp["first_state"]),
                         model, random, tree_);
    ASSERT_THAT(result, IsOk());
    result_ = *std::move(result);
  }

  SearchTree tree_;
  SearchResult result_;
};

TEST_P(GoldenSearchTest, GrowsTheSameTree) {
  const json& nodes = GetParam()["nodes"];
  ASSERT_EQ(tree_.num_nodes(), static_cast<int>(nodes.size()));
  for (int i = 0; i < tree_.num_nodes(); ++i) {
    SCOPED_TRACE(i);
    const json& node = nodes[static_cast<size_t>(i)];
    EXPECT_EQ(tree_.parent(i), node["parent"]);
    EXPECT_EQ(tree_.action_from_parent(i), node["action"]);
    EXPECT_EQ(tree_.depth(i), node["depth"]);
    EXPECT_EQ(tree_.hidden_state(i)[0], node["state"]);
    EXPECT_EQ(tree_.visit_count(i), node["visits"]);
    EXPECT_NEAR(tree_.value(i), node["value"], kTolerance);
  }
}

TEST_P(GoldenSearchTest, FindsTheSameQValuesAtTheRoot) {
  const json& root_q = GetParam()["root_q"];
  for (int action = 0; action < tree_.num_actions(); ++action) {
    SCOPED_TRACE(action);
    const std::string key = std::to_string(action);
    const Edge edge = tree_.RootEdge(action);
    ASSERT_EQ(edge.q_value.has_value(), root_q.contains(key));
    if (edge.q_value) {
      EXPECT_NEAR(*edge.q_value, root_q[key], kTolerance);
    }
  }
}

TEST_P(GoldenSearchTest, DecidesTheSame) {
  const json& golden = GetParam();
  EXPECT_EQ(result_.action, golden["action"]);
  EXPECT_THAT(result_.search_policy,
              Pointwise(FloatNear(kTolerance),
                        golden["search_policy"].get<std::vector<float>>()));
  EXPECT_NEAR(result_.root_value, golden["root_value"], kTolerance);
  EXPECT_NEAR(result_.statistics.min_value, golden["min_value"], kTolerance);
  EXPECT_NEAR(result_.statistics.max_value, golden["max_value"], kTolerance);
}

INSTANTIATE_TEST_SUITE_P(, GoldenSearchTest,
                         testing::ValuesIn(GoldenSearches()),
                         [](const testing::TestParamInfo<json>& golden) {
                           return golden.param["name"].get<std::string>();
                         });

}  // namespace
}  // namespace muzero
