#include "muzero/completed_q.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "muzero/search_config.h"
#include "muzero/search_tree.h"

namespace muzero {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

constexpr int kRoot = SearchTree::kRootIndex;

// Priors 1/8, 2/8, 5/8; the model says 0 of the root.
class CompletedQTest : public testing::Test {
 protected:
  void SetUp() override {
    tree_.Reset({.policy_logits = {0, std::log(2.0f), std::log(5.0f)}}, 4);
  }

  void Visit(int action, float value) {
    tree_.BackUp(tree_.AddChild(kRoot, action,
                                {.policy_logits = {0, 0, 0}, .value = value}),
                 /*discount=*/1);
  }

  SearchTree tree_;
  SearchConfig config_{.c_visit = 9, .c_scale = 0.5};
};

TEST_F(CompletedQTest, MixedValueOfAnUnvisitedNodeIsTheModelsValue) {
  EXPECT_EQ(MixedValue(tree_, kRoot), 0);
}

TEST_F(CompletedQTest, MixedValueWeighsQValuesByPriorAndVisits) {
  Visit(0, 4);
  Visit(1, 1);
  // (0 + 2 visits * (1/8 * 4 + 2/8 * 1) / (3/8)) / (1 + 2)
  EXPECT_NEAR(MixedValue(tree_, kRoot), 4.0 / 3, 1e-6);
}

TEST_F(CompletedQTest, UnvisitedActionsGetTheMixedValue) {
  Visit(0, 4);
  Visit(1, 1);
  // Values seen: 0..4.  Scale: (9 + 1) * 0.5.
  EXPECT_THAT(ScaledCompletedQ(tree_, kRoot, config_),
              Pointwise(DoubleNear(1e-5), {5.0, 1.25, 5.0 / 3}));
}

TEST_F(CompletedQTest, ImprovedPolicyOfAnUnvisitedNodeIsThePrior) {
  EXPECT_THAT(ImprovedPolicy(tree_, kRoot, config_),
              Pointwise(DoubleNear(1e-6), {0.125, 0.25, 0.625}));
}

TEST_F(CompletedQTest, ImprovedPolicyAddsScaledQValuesToLogits) {
  config_.c_scale = 0.1;
  Visit(0, 1);
  // v_mix 0.5; scale 1: odds 1 * e^1, 2 * e^0.5, 5 * e^0.5.
  const double sum = std::exp(1.0) + 7 * std::exp(0.5);
  EXPECT_THAT(
      ImprovedPolicy(tree_, kRoot, config_),
      Pointwise(DoubleNear(1e-6), {std::exp(1.0) / sum, 2 * std::exp(0.5) / sum,
                                   5 * std::exp(0.5) / sum}));
}

TEST_F(CompletedQTest, MixedValueBearsPriorsThatWereRoundedToZero) {
  tree_.Reset({.policy_logits = {0, 0, -1000}}, 4);
  Visit(2, 3);
  EXPECT_NEAR(MixedValue(tree_, kRoot), 1.5, 1e-6);
}

}  // namespace
}  // namespace muzero
