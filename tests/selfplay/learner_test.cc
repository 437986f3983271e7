#include "selfplay/learner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "muzero/checkpoint.h"
#include "selfplay/learner_checkpoint.h"
#include "selfplay/learner_gate.h"
#include "tests/selfplay/blank_network.h"
#include "tests/selfplay/learner_rig.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::string NewestWeights(FakeExperienceStore& store) {
  return store.Weights(store.NewestWeightsVersion().value()).value();
}

TEST(LearnerTest, PublishesTheWeightsItBeginsWith) {
  LearnerRig rig("learner_begins");
  const auto learner = rig.OpenOk();
  EXPECT_EQ(rig.store.NewestWeightsVersion().value(), 1);
  EXPECT_THAT(muzero::ParseCheckpoint(NewestWeights(rig.store)), IsOk());
}

TEST(LearnerTest, WaitsForTheFirstEpisodes) {
  LearnerRig rig("learner_waits");
  const auto learner = rig.OpenOk();
  rig.Play(1);
  EXPECT_EQ(LearnAll(*learner), 0);
  rig.Play(1);
  EXPECT_GT(LearnAll(*learner), 0);
}

TEST(LearnerTest, DrawsSoManySamplesForEachStepPutIn) {
  LearnerRig rig("learner_rate");
  const auto learner = rig.OpenOk();
  rig.Play(6);
  const int steps = LearnAll(*learner);
  const double inserted = static_cast<double>(rig.store.Counts()->steps);
  EXPECT_EQ(steps, std::ceil(4 * inserted / 8));
  EXPECT_EQ(LearnAll(*learner), 0);
}

TEST(LearnerTest, TellsWorkersHowFarItIs) {
  LearnerRig rig("learner_tells");
  const auto learner = rig.OpenOk();
  rig.Play(3);
  const int steps = LearnAll(*learner);
  EXPECT_EQ(ReadProgress(rig.store)->samples_drawn, steps * 8);
}

TEST(LearnerTest, PublishesEverySoManySteps) {
  LearnerRig rig("learner_publishes");
  const auto learner = rig.OpenOk();
  rig.Play(8);
  const int steps = LearnAll(*learner);
  EXPECT_EQ(rig.store.NewestWeightsVersion().value(), 1 + steps / 5);
  EXPECT_EQ(learner->weights_version(), 1 + steps / 5);
}

TEST(LearnerTest, RewardsAreThoseAgainstTheHistoryOfToday) {
  LearnerRig rig("learner_rewards");
  rig.options.config.learner.reanalyse_fraction = 0;
  const auto learner = rig.OpenOk();
  rig.Play(2);  // First of their pairs: no reward when they were stored.
  LearnAll(*learner);
  rig.script->samples.clear();
  rig.Play(6);
  LearnAll(*learner);
  double sum = 0;
  for (const muzero::Sample& sample : rig.script->samples) {
    sum += std::abs(sample.targets[0].value);
  }
  EXPECT_GT(sum, 0);
}

TEST(LearnerTest, NormalizesOnceBeforeTheFirstStep) {
  LearnerRig rig("learner_normalizes");
  auto learner = rig.OpenOk();
  EXPECT_EQ(rig.script->normalizations, 0);
  rig.Play(3);
  LearnAll(*learner);
  ASSERT_THAT(learner->Save(), IsOk());
  learner = rig.OpenOk();
  rig.Play(3);
  LearnAll(*learner);
  EXPECT_EQ(rig.script->normalizations, 1);
}

TEST(LearnerTest, TheLearningRateFallsWithTheSteps) {
  LearnerRig rig("learner_rate_falls");
  rig.options.config.learner.trainer.learning_rate = 1e-3;
  rig.options.config.learner.final_learning_rate = 0.1;
  rig.options.config.learner.learning_rate_steps = 4;
  const auto learner = rig.OpenOk();
  rig.Play(20);
  LearnAll(*learner);
  ASSERT_GT(rig.script->learning_rates.size(), 5);
  EXPECT_NEAR(rig.script->learning_rates[0], 1e-3, 1e-9);
  EXPECT_NEAR(rig.script->learning_rates[2], 0.55e-3, 1e-9);
  EXPECT_NEAR(rig.script->learning_rates[4], 1e-4, 1e-9);
  EXPECT_NEAR(rig.script->learning_rates.back(), 1e-4, 1e-9);
}

// Plays, learns, and either goes on or begins anew from what was saved.
std::string LearnInTwoParts(const std::string& name, bool is_interrupted) {
  LearnerRig rig(name);
  rig.options.config.replay.capacity_steps = 60;  // Some are dropped.
  rig.options.config.learner.reanalyse_fraction = 0.5;
  rig.options.config.learner.augmentation = 0.1;
  auto learner = rig.OpenOk();
  rig.Play(9);
  LearnAll(*learner);
  if (is_interrupted) {
    EXPECT_THAT(learner->Save(), IsOk());
    learner = rig.OpenOk();
  }
  rig.Play(9);
  LearnAll(*learner);
  EXPECT_THAT(learner->Save(), IsOk());
  const auto saved = LoadLearnerCheckpoint(rig.options.run_folder);
  muzero::Checkpoint network = saved.value().value().network;
  network.notes.clear();
  return muzero::SerializeCheckpoint(network);
}

TEST(LearnerTest, GoesOnFromItsCheckpointBitForBit) {
  EXPECT_EQ(LearnInTwoParts("learner_whole", /*is_interrupted=*/false),
            LearnInTwoParts("learner_parts", /*is_interrupted=*/true));
}

TEST(LearnerTest, KilledItGoesOnFromItsLastCheckpoint) {
  LearnerRig rig("learner_killed");
  auto learner = rig.OpenOk();
  rig.Play(6);
  LearnAll(*learner);  // Not saved.
  const int64_t published = learner->weights_version();
  learner = rig.OpenOk();
  EXPECT_EQ(learner->step(), 0);
  EXPECT_GT(LearnAll(*learner), 0);
  EXPECT_GT(learner->weights_version(), published);
}

TEST(LearnerTest, GoesOnWhereEpisodesOfItsCheckpointArePruned) {
  LearnerRig rig("learner_pruned");
  auto learner = rig.OpenOk();
  rig.Play(6);
  LearnAll(*learner);
  ASSERT_THAT(learner->Save(), IsOk());
  ASSERT_THAT(rig.store.Prune(/*keep_episodes=*/3, /*keep_weights=*/1), IsOk());
  learner = rig.OpenOk();
  rig.Play(3);
  EXPECT_GT(LearnAll(*learner), 0);
}

TEST(LearnerTest, BeginsWithTheModelItIsGiven) {
  LearnerRig rig("learner_initial");
  muzero::Checkpoint model = BlankNetwork(/*step=*/77);
  model.weights["token_mean"].values[0] = 5;
  rig.options.initial_network = model;
  const auto learner = rig.OpenOk();
  EXPECT_EQ(learner->step(), 0);
  const auto weights = muzero::ParseCheckpoint(NewestWeights(rig.store));
  EXPECT_EQ(weights->weights.at("token_mean").values[0], 5);
}

TEST(LearnerTest, KeepsTheNormalizationOfItsFirstModelWhenItGoesOn) {
  LearnerRig rig("learner_initial_resumed");
  rig.options.initial_network = BlankNetwork(/*step=*/0);
  rig.OpenOk();
  rig.options.initial_network.reset();
  const auto learner = rig.OpenOk();
  rig.Play(9);
  EXPECT_GT(LearnAll(*learner), 0);
  EXPECT_EQ(rig.script->normalizations, 0);
}

TEST(LearnerTest, AnotherProgramsModelIsAnError) {
  LearnerRig rig("learner_foreign");
  rig.options.initial_network = BlankNetwork(0);
  rig.options.initial_network->notes["observation_version"] = "999";
  EXPECT_THAT(rig.Open(), HasStatus(absl::StatusCode::kInvalidArgument, "999"));
}

TEST(LearnerTest, AnExplodingLossEndsItOnTheLastGoodCheckpoint) {
  LearnerRig rig("learner_explodes");
  rig.options.config.rate_limit.samples_per_insert = 40;
  rig.options.config.learner.checkpoint_steps = 50;
  rig.script->loss = [](int64_t step) { return step < 170 ? 1.0 : 1000.0; };
  const auto learner = rig.OpenOk();
  rig.Play(8);
  absl::StatusOr<bool> turn = true;
  while (turn.ok() && *turn) turn = learner->Turn();
  EXPECT_THAT(turn, HasStatus(absl::StatusCode::kInternal,
                              "exploded: 1000 at step 171"));
  const auto saved = LoadLearnerCheckpoint(rig.options.run_folder);
  EXPECT_EQ(saved.value()->network.step, 150);
}

TEST(LearnerTest, ReanalysesItsShareOfWhatItDraws) {
  LearnerRig rig("learner_reanalyses");
  rig.options.config.learner.reanalyse_fraction = 0.25;
  const auto learner = rig.OpenOk();
  rig.Play(4);
  const int steps = LearnAll(*learner);
  EXPECT_EQ(learner->TakeMetrics().reanalysed_steps, 2 * steps);
}

TEST(LearnerTest, LeavesATeachersPoliciesAlone) {
  LearnerRig rig("learner_examples");
  rig.options.config.learner.reanalyse_fraction = 0.25;
  rig.plays_examples = true;
  const auto learner = rig.OpenOk();
  rig.Play(4);
  EXPECT_GT(LearnAll(*learner), 0);
  EXPECT_EQ(learner->TakeMetrics().reanalysed_steps, 0);
}

TEST(LearnerTest, MetricsAreOfTheTimeSinceTheLastOnes) {
  LearnerRig rig("learner_metrics");
  rig.script->loss = [](int64_t step) { return step < 4 ? 2.0 : 6.0; };
  const auto learner = rig.OpenOk();
  rig.Play(2);
  LearnAll(*learner);
  learner->TakeMetrics();
  rig.Play(2);
  LearnAll(*learner);
  const LearnerMetrics metrics = learner->TakeMetrics();
  EXPECT_EQ(metrics.loss, 6);
  EXPECT_EQ(metrics.episodes, 4);
  EXPECT_NEAR(metrics.samples_per_insert, 4, 0.3);
}

TEST(LearnerTest, PassesOnWhatTheStoreSays) {
  LearnerRig rig("learner_store_away");
  const auto learner = rig.OpenOk();
  rig.Play(2);
  rig.store.FailCalls(1);
  EXPECT_THAT(learner->Turn(), HasStatus(absl::StatusCode::kUnavailable, ""));
}

}  // namespace
}  // namespace selfplay
