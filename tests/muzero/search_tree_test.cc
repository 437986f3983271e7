#include "muzero/search_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace muzero {
namespace {

using ::testing::ElementsAre;

constexpr int kRoot = SearchTree::kRootIndex;

Prediction Predicted(float value, float reward = 0) {
  return {.hidden_state = {value, reward},
          .policy_logits = {0, 0, 0},
          .value = value,
          .reward = reward,
          .auxiliary = {10 * value}};
}

// Adds a node and tells its ancestors.
int Grow(SearchTree& tree, int parent, int action, const Prediction& prediction,
         double discount = 1) {
  const int node = tree.AddChild(parent, action, prediction);
  tree.BackUp(node, discount);
  return node;
}

TEST(SearchTreeTest, HasOnlyARootAfterReset) {
  SearchTree tree;
  tree.Reset(Predicted(0.5), 4);
  EXPECT_EQ(tree.num_nodes(), 1);
  EXPECT_EQ(tree.num_actions(), 3);
  EXPECT_EQ(tree.value(kRoot), 0.5);
  EXPECT_EQ(tree.parent(kRoot), SearchTree::kNoNode);
  EXPECT_EQ(tree.child(kRoot, 0), SearchTree::kNoNode);
}

TEST(SearchTreeTest, KnowsHowNodesHangTogether) {
  SearchTree tree;
  tree.Reset(Predicted(0), 4);
  const int child = Grow(tree, kRoot, 2, Predicted(1));
  const int grandchild = Grow(tree, child, 0, Predicted(2));
  EXPECT_EQ(tree.child(kRoot, 2), child);
  EXPECT_EQ(tree.child(child, 0), grandchild);
  EXPECT_EQ(tree.parent(grandchild), child);
  EXPECT_EQ(tree.action_from_parent(grandchild), 0);
  EXPECT_EQ(tree.depth(grandchild), 2);
  EXPECT_THAT(tree.hidden_state(grandchild), ElementsAre(2, 0));
}

TEST(SearchTreeTest, NodeValueIsTheMeanOfItsOwnAndOfAllReturns) {
  SearchTree tree;
  tree.Reset(Predicted(3), 4);
  const int child = Grow(tree, kRoot, 0, Predicted(1));
  Grow(tree, child, 1, Predicted(5));
  Grow(tree, kRoot, 1, Predicted(-1));
  EXPECT_EQ(tree.value(kRoot), (3 + 1 + 5 - 1) / 4.0);
  EXPECT_EQ(tree.value(child), (1 + 5) / 2.0);
  EXPECT_EQ(tree.raw_value(child), 1);
  EXPECT_EQ(tree.visit_count(kRoot), 4);
}

TEST(SearchTreeTest, ReturnsAreDiscountedSumsOfRewards) {
  SearchTree tree;
  tree.Reset(Predicted(0), 4);
  const int child = Grow(tree, kRoot, 0, Predicted(8, /*reward=*/2), 0.5);
  Grow(tree, child, 0, Predicted(4, /*reward=*/1), 0.5);
  // To the child: 1 + 0.5 * 4 = 3; to the root: 2 + 0.5 * 8, 2 + 0.5 * 3.
  EXPECT_EQ(tree.value(child), (8 + 3) / 2.0);
  EXPECT_EQ(tree.value(kRoot), (0 + 6 + 3.5) / 3);
  EXPECT_EQ(tree.RootEdge(0).q_value, 2 + 0.5 * 5.5);
}

TEST(SearchTreeTest, EdgeOfAVisitedActionTellsWhatIsKnownOfIt) {
  SearchTree tree;
  tree.Reset(Predicted(0), 4);
  Grow(tree, kRoot, 1, Predicted(0.25));
  const Edge edge = tree.RootEdge(1);
  EXPECT_NEAR(edge.prior, 1.0 / 3, 1e-6);
  EXPECT_EQ(edge.visit_count, 1);
  EXPECT_EQ(edge.q_value, 0.25);
  ASSERT_TRUE(edge.auxiliary.has_value());
  EXPECT_THAT(*edge.auxiliary, ElementsAre(2.5f));
}

TEST(SearchTreeTest, EdgeOfAnUnvisitedActionHasOnlyAPrior) {
  SearchTree tree;
  tree.Reset(Predicted(0), 4);
  const Edge edge = tree.RootEdge(1);
  EXPECT_NEAR(edge.prior, 1.0 / 3, 1e-6);
  EXPECT_EQ(edge.visit_count, 0);
  EXPECT_EQ(edge.q_value, std::nullopt);
  EXPECT_FALSE(edge.auxiliary.has_value());
}

TEST(SearchTreeTest, StatisticsTellDepthVisitsAndRange) {
  SearchTree tree;
  tree.Reset(Predicted(0), 4);
  const int child = Grow(tree, kRoot, 0, Predicted(1));
  Grow(tree, child, 1, Predicted(-3));
  Grow(tree, kRoot, 2, Predicted(2));
  const SearchStatistics statistics = tree.Statistics();
  EXPECT_EQ(statistics.num_simulations, 3);
  EXPECT_EQ(statistics.max_depth, 2);
  EXPECT_NEAR(statistics.mean_depth, 4.0 / 3, 1e-12);
  EXPECT_EQ(statistics.num_visited_actions, 2);
  EXPECT_EQ(statistics.max_visit_count, 2);
  EXPECT_EQ(statistics.min_value, -3);
  EXPECT_EQ(statistics.max_value, 2);
}

TEST(SearchTreeTest, KeepsItsContentsWhenItOutgrowsItsRoom) {
  SearchTree tree;
  tree.Reset(Predicted(1), /*max_nodes=*/1);
  int node = kRoot;
  for (int i = 0; i < 40; ++i) node = Grow(tree, node, i % 3, Predicted(1));
  EXPECT_EQ(tree.num_nodes(), 41);
  EXPECT_EQ(tree.depth(node), 40);
  EXPECT_EQ(tree.visit_count(kRoot), 41);
}

TEST(SearchTreeTest, ForgetsTheLastSearchAndKeepsItsMemory) {
  SearchTree tree;
  tree.Reset(Predicted(0), 8);
  Grow(tree, kRoot, 1, Predicted(100));
  const float* memory = tree.hidden_state(kRoot).data();
  tree.Reset(Predicted(0.5), 8);
  EXPECT_EQ(tree.hidden_state(kRoot).data(), memory);
  EXPECT_EQ(tree.RootEdge(1).visit_count, 0);
  EXPECT_EQ(tree.child(kRoot, 1), SearchTree::kNoNode);
  EXPECT_EQ(tree.min_max_stats().max(), 0.5);
}

TEST(SearchTreeTest, TakesAnotherModelsSizesAfterReset) {
  SearchTree tree;
  tree.Reset(Predicted(0), 8);
  tree.Reset({.hidden_state = {1, 2, 3}, .policy_logits = {0, 0, 0, 0, 0}}, 2);
  EXPECT_EQ(tree.num_actions(), 5);
  EXPECT_THAT(tree.hidden_state(kRoot), ElementsAre(1, 2, 3));
  EXPECT_TRUE(tree.auxiliary(kRoot).empty());
}

}  // namespace
}  // namespace muzero
