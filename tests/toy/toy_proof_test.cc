// The proof that search, network, targets, loss, replay and self-competition
// learn when put together: docs/toy_proof.md.
#include <gtest/gtest.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <tuple>

#include "tests/testing/status_matchers.h"
#include "tests/toy/allocation_game.h"
#include "tests/toy/toy_learner.h"

namespace toy {
namespace {

using ::muzero::SearchAlgorithm;
using ::testing_support::IsOk;

std::unique_ptr<ToyLearner> MakeLearner(const ToyLearnerConfig& config) {
  auto learner =
      ToyLearner::Create(MakeInstances(/*count=*/8, /*seed=*/1), config);
  EXPECT_THAT(learner, IsOk());
  return *std::move(learner);
}

double ScoreOf(ToyLearner& learner) {
  const absl::StatusOr<double> score = learner.Score();
  EXPECT_THAT(score, IsOk());
  return score.value_or(0);
}

// Of all threads of the program.
double CpuSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

class ToyProofTest
    : public testing::TestWithParam<std::tuple<SearchAlgorithm, int>> {};

TEST_P(ToyProofTest, ReachesNinetyFivePercentOfTheOptimumFromRandomWeights) {
  const auto [algorithm, seed] = GetParam();
  const double start = CpuSeconds();
  const auto learner = MakeLearner(
      ToyLearnerConfig::ForProof(algorithm, static_cast<uint64_t>(seed)));
  const double before = ScoreOf(*learner);
  ASSERT_THAT(learner->Learn(), IsOk());
  const double after = ScoreOf(*learner);
  RecordProperty("score_before", std::to_string(before));
  RecordProperty("score_after", std::to_string(after));
  EXPECT_LT(before, 0.8);
  EXPECT_GE(after, 0.95);
  EXPECT_LT(CpuSeconds() - start, 60);
}

INSTANTIATE_TEST_SUITE_P(
    SearchesAndSeeds, ToyProofTest,
    testing::Combine(testing::Values(SearchAlgorithm::kGumbel,
                                     SearchAlgorithm::kPuct),
                     testing::Range(1, 6)),
    [](const auto& test) {
      const bool is_gumbel =
          std::get<0>(test.param) == SearchAlgorithm::kGumbel;
      return (is_gumbel ? "Gumbel" : "Puct") +
             std::to_string(std::get<1>(test.param));
    });

// It is the reward that teaches, not the making of episodes.
TEST(ToyLearnerTest, LearnsNothingWithoutRewards) {
  ToyLearnerConfig config =
      ToyLearnerConfig::ForProof(SearchAlgorithm::kGumbel, /*seed=*/1);
  config.has_rewards = false;
  const auto learner = MakeLearner(config);
  ASSERT_THAT(learner->Learn(), IsOk());
  EXPECT_LT(ScoreOf(*learner), 0.8);
}

TEST(ToyLearnerTest, LearnsTheSameFromTheSameSeed) {
  ToyLearnerConfig config =
      ToyLearnerConfig::ForProof(SearchAlgorithm::kGumbel, /*seed=*/1);
  config.num_rounds = 5;
  const auto one = MakeLearner(config);
  const auto other = MakeLearner(config);
  ASSERT_THAT(one->Learn(), IsOk());
  ASSERT_THAT(other->Learn(), IsOk());
  for (size_t i = 0; i < one->histories().size(); ++i) {
    EXPECT_EQ(one->histories()[i].quality, other->histories()[i].quality);
  }
}

}  // namespace
}  // namespace toy
