#include "muzero/sequential_halving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace muzero {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SequentialHalvingTest, GivesTheSequencesOfMctx) {
  const struct {
    const char* name;
    int num_considered_actions;
    std::vector<int> want;
  } kCases[] = {
      {"exactly m log2(m) simulations", 8, {0, 0, 0, 0, 0, 0, 0, 0,  //
                                            1, 1, 1, 1, 2, 2, 2, 2,  //
                                            3, 3, 4, 4, 5, 5, 6, 6}},
      {"more", 8, {0,  0,  0,  0,  0,  0,  0,  0,  1,  1,  1,  1,  2,  2,  2, 2,
                   3,  3,  3,  3,  4,  4,  5,  5,  6,  6,  7,  7,  8,  8,  9, 9,
                   10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17}},
      {"fewer", 8, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2}},
      {"fewer than actions", 8, {0, 0}},
      {"not a power of 2", 7, {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2,
                               2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8}},
      {"two actions", 2, {0, 0, 1, 1, 2, 2, 3}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ConsideredVisits(c.num_considered_actions,
                               static_cast<int>(c.want.size())),
              c.want);
  }
}

TEST(SequentialHalvingTest, GivesASingleActionAllSimulations) {
  EXPECT_THAT(ConsideredVisits(1, 4), ElementsAre(0, 1, 2, 3));
}

TEST(SequentialHalvingTest, GivesNothingWithoutSimulations) {
  EXPECT_THAT(ConsideredVisits(16, 0), IsEmpty());
}

// Simulation i needs an action that has considered_visits[i] visits by then.
TEST(SequentialHalvingTest, AlwaysFindsAnActionOfTheVisitCountItAsksFor) {
  for (int num_actions = 1; num_actions <= 20; ++num_actions) {
    for (int num_simulations = 1; num_simulations < 150; ++num_simulations) {
      std::vector<int> actions_with(200, 0);  // By visit count.
      actions_with[0] = num_actions;
      for (const int v : ConsideredVisits(num_actions, num_simulations)) {
        ASSERT_GT(actions_with.at(static_cast<size_t>(v)), 0)
            << num_actions << " " << num_simulations;
        --actions_with[static_cast<size_t>(v)];
        ++actions_with[static_cast<size_t>(v) + 1];
      }
    }
  }
}

}  // namespace
}  // namespace muzero
