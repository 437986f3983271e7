#include "muzero/search_config.h"

#include <gtest/gtest.h>

#include <limits>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(SearchConfigTest, DefaultsAreValid) {
  EXPECT_THAT(SearchConfig().Validate(), IsOk());
  EXPECT_THAT(SearchConfig().Greedy().Validate(), IsOk());
}

TEST(SearchConfigTest, NoSimulationsAreValid) {
  EXPECT_THAT(SearchConfig{.num_simulations = 0}.Validate(), IsOk());
}

TEST(SearchConfigTest, NamesTheFieldThatMakesNoSense) {
  const struct {
    const char* field;
    SearchConfig config;
  } kCases[] = {
      {"num_simulations -1", {.num_simulations = -1}},
      {"num_simulations 200000", {.num_simulations = 200'000}},
      {"discount 1.5", {.discount = 1.5}},
      {"discount nan", {.discount = kNan}},
      {"max_num_considered_actions 0", {.max_num_considered_actions = 0}},
      {"gumbel_scale -1", {.gumbel_scale = -1}},
      {"c_visit inf", {.c_visit = kInfinity}},
      {"c_scale nan", {.c_scale = kNan}},
      {"pb_c_init -0.5", {.pb_c_init = -0.5}},
      {"pb_c_base 0", {.pb_c_base = 0}},
      {"root_dirichlet_alpha 0", {.root_dirichlet_alpha = 0}},
      {"root_exploration_fraction 2", {.root_exploration_fraction = 2}},
      {"visit_softmax_temperature -1", {.visit_softmax_temperature = -1}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(c.config.Validate(),
                HasStatus(absl::StatusCode::kInvalidArgument, c.field));
  }
}

TEST(SearchConfigTest, GreedyChangesNothingButNoise) {
  const SearchConfig config = {.algorithm = SearchAlgorithm::kPuct,
                               .num_simulations = 5};
  const SearchConfig greedy = config.Greedy();
  EXPECT_EQ(greedy.algorithm, SearchAlgorithm::kPuct);
  EXPECT_EQ(greedy.num_simulations, 5);
  EXPECT_EQ(greedy.gumbel_scale, 0);
  EXPECT_EQ(greedy.root_exploration_fraction, 0);
  EXPECT_EQ(greedy.visit_softmax_temperature, 0);
}

}  // namespace
}  // namespace muzero
