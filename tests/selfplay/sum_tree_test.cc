#include "selfplay/sum_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace selfplay {
namespace {

SumTree MakeTree(const std::vector<double>& weights) {
  SumTree tree(static_cast<int>(weights.size()));
  for (int i = 0; i < tree.size(); ++i) {
    tree.Set(i, weights[static_cast<size_t>(i)]);
  }
  return tree;
}

TEST(SumTreeTest, IsEmptyAtFirst) {
  EXPECT_EQ(SumTree(1).total(), 0);
  EXPECT_EQ(SumTree(5).total(), 0);
}

TEST(SumTreeTest, AddsUpItsWeights) {
  SumTree tree = MakeTree({1, 2, 3, 4, 5});
  EXPECT_EQ(tree.total(), 15);
  tree.Set(2, 0.5);
  EXPECT_EQ(tree.total(), 12.5);
  EXPECT_EQ(tree.weight(2), 0.5);
}

TEST(SumTreeTest, FindsTheItemWhoseStretchHoldsTheMass) {
  const SumTree tree = MakeTree({1, 0, 2, 4, 0});
  const struct {
    double mass;
    int want;
  } kCases[] = {{0, 0}, {0.99, 0}, {1, 2},    {2.99, 2},
                {3, 3}, {6.5, 3},  {6.999, 3}};
  for (const auto& c : kCases) {
    EXPECT_EQ(tree.Find(c.mass), c.want) << "mass " << c.mass;
  }
}

TEST(SumTreeTest, FindsTheOnlyItem) { EXPECT_EQ(MakeTree({3}).Find(2.5), 0); }

TEST(SumTreeTest, NeverFindsAnItemOfNoWeight) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> weights(37);
  for (int round = 0; round < 100; ++round) {
    for (double& w : weights) w = std::max(0.0, uniform(random) - 0.5) * 1e-3;
    const SumTree tree = MakeTree(weights);
    for (const double share : {0.0, uniform(random), 1.0}) {
      const double mass =
          std::min(share * tree.total(), std::nextafter(tree.total(), 0.0));
      EXPECT_GT(tree.weight(tree.Find(mass)), 0);
    }
  }
}

TEST(SumTreeTest, DoesNotDriftOverManyChanges) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 1e6);
  SumTree tree(100);
  for (int i = 0; i < 100'000; ++i) tree.Set(i % 100, uniform(random));
  for (int i = 0; i < 100; ++i) tree.Set(i, 0);
  EXPECT_EQ(tree.total(), 0);
}

}  // namespace
}  // namespace selfplay
