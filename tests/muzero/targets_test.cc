#include "muzero/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing_support::HasStatus;

// Step t has action 10 + t, reward 1, 2, 4, 8, root value 0.1 (t + 1),
// policy {t} and auxiliary {100 + t}.
Episode FourSteps() {
  Episode episode = {.initial_auxiliary = {99}};
  for (int t = 0; t < 4; ++t) {
    const auto number = static_cast<float>(t);
    episode.steps.push_back({.action = 10 + t,
                             .reward = static_cast<float>(1 << t),
                             .root_value = 0.1f * (number + 1),
                             .search_policy = {number},
                             .auxiliary = {100 + number}});
  }
  return episode;
}

// By hand, with rewards 1, 2, 4, 8 and root values 0.1, 0.2, 0.3, 0.4.
TEST(MakeSampleTest, ValuesAreNStepReturns) {
  const struct {
    const char* name;
    int first;
    TargetConfig config;
    std::vector<float> want;
  } kCases[] = {
      {"to the end", 0, {.num_unroll_steps = 3}, {15, 14, 12, 8}},
      {"to the end, discounted",
       0,
       {.num_unroll_steps = 2, .discount = 0.5},
       {1 + 1 + 1 + 1, 2 + 2 + 2, 4 + 4}},
      {"one step", 0, {.num_unroll_steps = 1, .td_steps = 1}, {1.2f, 2.3f}},
      {"two steps, discounted",
       0,
       {.num_unroll_steps = 1, .td_steps = 2, .discount = 0.5},
       {1 + 1 + 0.25f * 0.3f, 2 + 2 + 0.25f * 0.4f}},
      {"the end within n steps",
       1,
       {.num_unroll_steps = 2, .td_steps = 3},
       {2 + 4 + 8, 4 + 8, 8}},
      {"the last step but one looks just at the last",
       2,
       {.num_unroll_steps = 0, .td_steps = 1},
       {4.4f}},
      {"absorbing states keep the last reward",
       3,
       {.num_unroll_steps = 2},
       {8, 8, 8}},
      {"no discount, no future",
       0,
       {.num_unroll_steps = 1, .discount = 0},
       {1, 2}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Sample sample = MakeSample(FourSteps(), c.first, c.config);
    ASSERT_EQ(sample.targets.size(), c.want.size());
    for (size_t k = 0; k < c.want.size(); ++k) {
      EXPECT_FLOAT_EQ(sample.targets[k].value, c.want[k]) << k;
    }
  }
}

TEST(MakeSampleTest, StatesHaveTheirPolicyAndWhatTheActionBeforeLedTo) {
  const Sample sample = MakeSample(FourSteps(), 0, {.num_unroll_steps = 2});
  EXPECT_THAT(sample.actions, ElementsAre(10, 11));
  EXPECT_THAT(sample.targets[0].policy, ElementsAre(0));
  EXPECT_THAT(sample.targets[2].policy, ElementsAre(2));
  EXPECT_THAT(sample.targets[0].auxiliary, ElementsAre(99));
  EXPECT_THAT(sample.targets[2].auxiliary, ElementsAre(101));
  EXPECT_THAT(MakeSample(FourSteps(), 2, {}).targets[0].auxiliary,
              ElementsAre(101));
}

TEST(MakeSampleTest, PastTheEndIsMasked) {
  const Sample sample = MakeSample(FourSteps(), 3, {.num_unroll_steps = 3});
  EXPECT_THAT(sample.actions, ElementsAre(13, 0, 0));
  EXPECT_THAT(sample.targets[1].policy, IsEmpty());
  EXPECT_THAT(sample.targets[1].auxiliary, ElementsAre(103));
  EXPECT_THAT(sample.targets[2].policy, IsEmpty());
  EXPECT_THAT(sample.targets[2].auxiliary, IsEmpty());
}

TEST(TargetConfigTest, NamesTheFieldThatIsWrong) {
  const auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(TargetConfig{.num_unroll_steps = -1}.Validate(),
              HasStatus(kInvalid, "num_unroll_steps -1"));
  EXPECT_THAT(TargetConfig{.td_steps = -2}.Validate(),
              HasStatus(kInvalid, "td_steps -2"));
  EXPECT_THAT(TargetConfig{.discount = 1.5}.Validate(),
              HasStatus(kInvalid, "discount 1.5"));
  EXPECT_TRUE(TargetConfig().Validate().ok());
}

}  // namespace
}  // namespace muzero
