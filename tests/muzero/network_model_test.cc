#include "muzero/network_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_trainer.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing::FloatNear;
using ::testing::Pointwise;
using ::testing_support::HasStatus;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Checkpoint RandomCheckpoint(const NetworkConfig& config) {
  return NetworkTrainer::Create(config, {}, /*seed=*/3, Device::kCpu)
      .value()
      ->ToCheckpoint(/*with_optimizer=*/false)
      .value();
}

std::unique_ptr<NetworkModel> RandomModel(const NetworkConfig& config) {
  return NetworkModel::Create(RandomCheckpoint(config), Device::kCpu).value();
}

Prediction Root(NetworkModel& model, const Observation& observation) {
  return model.InitialInference({&observation, 1}).value()[0];
}

Prediction Next(NetworkModel& model, const Prediction& state, int action) {
  const Transition transition = {state.hidden_state, action};
  return model.RecurrentInference({&transition, 1}).value()[0];
}

void ExpectNear(const Prediction& a, const Prediction& b, float tolerance) {
  EXPECT_THAT(a.hidden_state, Pointwise(FloatNear(tolerance), b.hidden_state));
  EXPECT_THAT(a.policy_logits,
              Pointwise(FloatNear(tolerance), b.policy_logits));
  EXPECT_THAT(a.auxiliary, Pointwise(FloatNear(tolerance), b.auxiliary));
  EXPECT_NEAR(a.value, b.value, tolerance);
}

TEST(NetworkModelTest, AnswersInTheShapesOfItsConfiguration) {
  std::mt19937_64 random(1);
  const auto model = RandomModel(SmallConfig());
  const Prediction root =
      Root(*model, RandomObservation(SmallConfig(), 4, random));
  for (const Prediction& p : {root, Next(*model, root, 2)}) {
    EXPECT_EQ(p.hidden_state.size(), 6u);
    EXPECT_EQ(p.policy_logits.size(), 5u);
    EXPECT_EQ(p.auxiliary.size(), 2u);
    EXPECT_TRUE(std::isfinite(p.value));
    EXPECT_EQ(p.reward, 0);
  }
  EXPECT_EQ(model->num_actions(), 5);
}

// One batch holds the others' padding and company; the answers do not.
TEST(NetworkModelTest, NeitherPaddingNorTheBatchChangesAnAnswer) {
  std::mt19937_64 random(2);
  const auto model = RandomModel(SmallConfig());
  std::vector<Observation> observations;
  for (const int num_tokens : {7, 1, 3, 7, 2}) {
    observations.push_back(
        RandomObservation(SmallConfig(), num_tokens, random));
  }
  const std::vector<Prediction> batch =
      model->InitialInference(observations).value();
  for (size_t i = 0; i < batch.size(); ++i) {
    ExpectNear(batch[i], Root(*model, observations[i]), 1e-5f);
  }
}

TEST(NetworkModelTest, TheBatchDoesNotChangeARecurrentAnswer) {
  std::mt19937_64 random(3);
  const auto model = RandomModel(SmallConfig());
  const Prediction root =
      Root(*model, RandomObservation(SmallConfig(), 4, random));
  std::vector<Transition> transitions;
  for (int action = 0; action < 5; ++action) {
    transitions.push_back({root.hidden_state, action});
  }
  const std::vector<Prediction> batch =
      model->RecurrentInference(transitions).value();
  for (int action = 0; action < 5; ++action) {
    ExpectNear(batch[static_cast<size_t>(action)], Next(*model, root, action),
               1e-5f);
  }
}

TEST(NetworkModelTest, EveryFeatureAndActionMatters) {
  std::mt19937_64 random(4);
  const auto model = RandomModel(SmallConfig());
  const Observation observation = RandomObservation(SmallConfig(), 3, random);
  const Prediction root = Root(*model, observation);
  for (size_t i = 0; i < observation.tokens.size(); ++i) {
    Observation changed = observation;
    changed.tokens[i] += 1;
    EXPECT_NE(Root(*model, changed).hidden_state, root.hidden_state) << i;
  }
  Observation changed = observation;
  changed.context[1] += 1;
  EXPECT_NE(Root(*model, changed).hidden_state, root.hidden_state);
  changed = observation;
  changed.focus = (observation.focus + 1) % 3;
  EXPECT_NE(Root(*model, changed).hidden_state, root.hidden_state);
  EXPECT_NE(Next(*model, root, 0).value, Next(*model, root, 4).value);
}

TEST(NetworkModelTest, HiddenStatesHaveMeanZeroAndDeviationOne) {
  std::mt19937_64 random(5);
  const auto model = RandomModel(SmallConfig());
  Prediction state = Root(*model, RandomObservation(SmallConfig(), 3, random));
  for (int step = 0; step < 50; ++step) {
    double sum = 0;
    double squares = 0;
    for (const float x : state.hidden_state) {
      sum += x;
      squares += double{x} * x;
    }
    EXPECT_NEAR(sum, 0, 1e-4);
    EXPECT_NEAR(squares, 6, 1e-2);
    state = Next(*model, state, step % 5);
  }
}

TEST(NetworkModelTest, NormalizesAndClipsFeatures) {
  const NetworkConfig config = SmallConfig();
  auto trainer =
      NetworkTrainer::Create(config, {}, /*seed=*/3, Device::kCpu).value();
  ASSERT_TRUE(trainer
                  ->SetNormalization({.token_mean = {10, 10, 10},
                                      .token_deviation = {2, 2, 2},
                                      .context_mean = {1, 1},
                                      .context_deviation = {0, 0}})
                  .ok());
  const auto shifted =
      NetworkModel::Create(trainer->ToCheckpoint(false).value(), Device::kCpu)
          .value();
  const auto plain = RandomModel(config);
  const Observation raw = {1, {12, 6, 1e9f}, {2, 0}, 0};
  const Observation normalized = {1, {1, -2, 10}, {1, -1}, 0};
  ExpectNear(Root(*shifted, raw), Root(*plain, normalized), 1e-6f);
}

TEST(NetworkModelTest, SeveralThreadsMayCallItAtOnce) {
  std::mt19937_64 random(6);
  const auto model = RandomModel(SmallConfig());
  const Observation observation = RandomObservation(SmallConfig(), 5, random);
  const Prediction want = Next(*model, Root(*model, observation), 1);
  std::vector<int> num_equal(4);
  std::vector<std::thread> threads;
  for (int& count : num_equal) {
    threads.emplace_back([&model, &observation, &want, &count] {
      for (int i = 0; i < 50; ++i) {
        const Prediction got = Next(*model, Root(*model, observation), 1);
        count += got.hidden_state == want.hidden_state ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(num_equal, testing::Each(50));
}

TEST(NetworkModelTest, AnExportOfTheDefaultSizesIsAFewMegabytesAndWorks) {
  const NetworkConfig config = {
      .token_size = 40, .context_size = 24, .num_actions = 255};
  const std::string bytes = SerializeCheckpoint(RandomCheckpoint(config));
  EXPECT_LT(bytes.size(), 6'000'000u);
  const auto model =
      NetworkModel::Create(ParseCheckpoint(bytes).value(), Device::kCpu)
          .value();
  std::mt19937_64 random(7);
  const Prediction root = Root(*model, RandomObservation(config, 64, random));
  EXPECT_EQ(Next(*model, root, 254).policy_logits.size(), 255u);
}

TEST(NetworkModelTest, ObservationsOfOtherShapesAreErrors) {
  const auto model = RandomModel(SmallConfig());
  const struct {
    const char* message;
    Observation observation;
  } kCases[] = {
      {"observation 0: num_tokens is 0", {0, {}, {1, 2}, 0}},
      {"observation 0: tokens has 2", {1, {1, 2}, {1, 2}, 0}},
      {"observation 0: context has 1", {1, {1, 2, 3}, {1}, 0}},
      {"observation 0: focus is 1", {1, {1, 2, 3}, {1, 2}, 1}},
      {"observation 0: focus is -1", {1, {1, 2, 3}, {1, 2}, -1}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(model->InitialInference({&c.observation, 1}),
                HasStatus(kInvalid, c.message));
  }
  EXPECT_TRUE(model->InitialInference({}).value().empty());
}

TEST(NetworkModelTest, TransitionsOfOtherShapesAreErrors) {
  const auto model = RandomModel(SmallConfig());
  const std::vector<float> state(6);
  const Transition kCases[] = {{state, 5}, {state, -1}, {{}, 0}};
  for (const Transition& transition : kCases) {
    EXPECT_THAT(model->RecurrentInference({&transition, 1}),
                HasStatus(kInvalid, "transition 0: "));
  }
  EXPECT_TRUE(model->RecurrentInference({}).value().empty());
}

TEST(NetworkModelTest, WeightsThatDoNotFitAreErrors) {
  Checkpoint checkpoint = RandomCheckpoint(SmallConfig());
  checkpoint.config.hidden_size = 7;
  EXPECT_THAT(NetworkModel::Create(checkpoint, Device::kCpu),
              HasStatus(kInvalid,
                        "has shape [3, 6], but the network needs "
                        "[3, 7]"));
  checkpoint.config.hidden_size = -7;
  EXPECT_THAT(NetworkModel::Create(checkpoint, Device::kCpu),
              HasStatus(kInvalid, "hidden_size -7"));
}

TEST(NetworkModelTest, NaNInIsNaNOutAndNoCrash) {
  const auto model = RandomModel(SmallConfig());
  const Observation observation = {1, {NAN, 0, 0}, {0, 0}, 0};
  EXPECT_TRUE(std::isnan(Root(*model, observation).policy_logits[0]));
}

TEST(NetworkModelTest, ADeviceThatIsNotThereIsUnavailable) {
  const Checkpoint checkpoint = RandomCheckpoint(SmallConfig());
  ASSERT_TRUE(NetworkModel::Create(checkpoint, Device::kAuto).ok());
  const auto model = NetworkModel::Create(checkpoint, Device::kCuda);
  if (model.ok()) GTEST_SKIP() << "there is a CUDA device";
  EXPECT_THAT(model, HasStatus(absl::StatusCode::kUnavailable, "CUDA"));
}

}  // namespace
}  // namespace muzero
