#include "muzero/network_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "muzero/checkpoint.h"
#include "muzero/network_model.h"
#include "muzero/network_shapes.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::unique_ptr<NetworkTrainer> MakeTrainer(uint64_t seed,
                                            const TrainerConfig& config = {}) {
  return NetworkTrainer::Create(SmallConfig(), config, seed, Device::kCpu)
      .value();
}

std::string Bytes(const Trainer& trainer) {
  return SerializeCheckpoint(
      trainer.ToCheckpoint(/*with_optimizer=*/true).value());
}

// One step on each of the batches with seeds [first, last).
void Train(Trainer& trainer, int first, int last) {
  for (int i = first; i < last; ++i) {
    const auto seed = static_cast<uint64_t>(i);
    ASSERT_THAT(trainer.Step(RandomBatch(SmallConfig(), 4, seed)), IsOk());
  }
}

// -Σ p ln softmax(logits)
double CrossEntropy(const std::vector<float>& p,
                    const std::vector<float>& logits) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(double{logit});
  double result = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    result -= p[i] * (double{logits[i]} - std::log(sum));
  }
  return result;
}

double Entropy(const std::vector<float>& p) {
  double result = 0;
  for (const float x : p) {
    if (x > 0) result -= x * std::log(double{x});
  }
  return result;
}

// What the network predicts for each unrolled state of `sample`.
std::vector<Prediction> Unroll(const Trainer& trainer, const Sample& sample) {
  const auto model =
      NetworkModel::Create(trainer.ToCheckpoint(false).value(), Device::kCpu)
          .value();
  std::vector<Prediction> predictions =
      model->InitialInference({&sample.observation, 1}).value();
  for (const int action : sample.actions) {
    const Transition transition = {predictions.back().hidden_state, action};
    predictions.push_back(
        model->RecurrentInference({&transition, 1}).value()[0]);
  }
  return predictions;
}

TEST(NetworkTrainerTest, BuildsJustTheShapesThatAreKnownWithoutIt) {
  NetworkConfig config = SmallConfig();
  for (const int num_knots : {0, 2, 5}) {
    config.num_action_knots = num_knots;
    config.num_prediction_blocks = num_knots;
    const Checkpoint checkpoint =
        NetworkTrainer::Create(config, {}, 1, Device::kCpu)
            .value()
            ->ToCheckpoint(true)
            .value();
    EXPECT_THAT(CheckWeights(config, checkpoint.weights), IsOk());
  }
}

TEST(NetworkTrainerTest, TheSameSeedAndBatchesGiveTheSameWeights) {
  const auto a = MakeTrainer(1);
  const auto b = MakeTrainer(1);
  Train(*a, 0, 5);
  Train(*b, 0, 5);
  EXPECT_EQ(Bytes(*a), Bytes(*b));
  EXPECT_NE(Bytes(*MakeTrainer(1)), Bytes(*MakeTrainer(2)));
}

TEST(NetworkTrainerTest, GoesOnFromACheckpointBitForBit) {
  const auto whole = MakeTrainer(1);
  Train(*whole, 0, 10);
  const auto first = MakeTrainer(1);
  Train(*first, 0, 5);
  const std::string path = testing::TempDir() + "/trainer_test_resume";
  ASSERT_THAT(SaveCheckpoint(first->ToCheckpoint(true).value(), path), IsOk());
  const auto second =
      NetworkTrainer::Resume(LoadCheckpoint(path).value(), {}, Device::kCpu)
          .value();
  Train(*second, 5, 10);
  EXPECT_EQ(second->step(), 10);
  EXPECT_EQ(Bytes(*second), Bytes(*whole));
}

TEST(NetworkTrainerTest, GoesOnWithoutOptimizerStateToo) {
  const auto first = MakeTrainer(1);
  Train(*first, 0, 2);
  const auto second = NetworkTrainer::Resume(first->ToCheckpoint(false).value(),
                                             {}, Device::kCpu)
                          .value();
  Train(*second, 2, 3);
  EXPECT_EQ(second->step(), 3);
}

TEST(NetworkTrainerTest, OptimizerStateOfAnotherShapeIsAnError) {
  Checkpoint checkpoint = MakeTrainer(1)->ToCheckpoint(true).value();
  checkpoint.optimizer["first_moment/prediction.heads.bias"].shape = {2};
  EXPECT_THAT(NetworkTrainer::Resume(checkpoint, {}, Device::kCpu),
              HasStatus(kInvalid,
                        "first_moment/prediction.heads.bias' has "
                        "shape [2], but the network needs [12]"));
  checkpoint.optimizer.erase("first_moment/prediction.heads.bias");
  EXPECT_THAT(NetworkTrainer::Resume(checkpoint, {}, Device::kCpu),
              HasStatus(kInvalid, "is missing"));
}

// The training network's losses, worked out again from the NetworkModel's
// predictions.
TEST(NetworkTrainerTest, TheNetworkModelPredictsWhatTheTrainingNetworkDoes) {
  const auto trainer = MakeTrainer(1);
  Train(*trainer, 0, 5);
  const std::vector<Sample> batch = RandomBatch(SmallConfig(), 1, 9);
  const LossReport report = trainer->Evaluate(batch).value();
  const std::vector<Prediction> predictions = Unroll(*trainer, batch[0]);
  double policy = 0;
  double bits = 0;
  for (size_t k = 0; k < 3; ++k) {
    const TargetState& target = batch[0].targets[k];
    policy += CrossEntropy(target.policy, predictions[k].policy_logits) / 3;
    bits +=
        std::pow((predictions[k].auxiliary[0] - target.auxiliary[0]) / 2, 2) /
        3;
  }
  EXPECT_NEAR(report.policy, policy, 1e-5);
  EXPECT_NEAR(report.auxiliary[0], bits, 1e-5);
  EXPECT_NEAR(report.value_error[0],
              std::abs(predictions[0].value - batch[0].targets[0].value), 1e-5);
}

TEST(NetworkTrainerTest, EvaluateReportsTheLossesOfTheNextStep) {
  const auto trainer = MakeTrainer(1);
  const std::vector<Sample> batch = RandomBatch(SmallConfig(), 4, 0);
  const std::string before = Bytes(*trainer);
  const LossReport evaluated = trainer->Evaluate(batch).value();
  EXPECT_EQ(Bytes(*trainer), before);
  const LossReport stepped = trainer->Step(batch).value();
  EXPECT_EQ(evaluated.total, stepped.total);
  EXPECT_GT(stepped.gradient_norm, 0);
  EXPECT_LT(trainer->Evaluate(batch).value().total, stepped.total);
}

// A network for one head of a loss, trained on one batch.
LossReport Overfit(const TrainerConfig& weights, const NetworkConfig& network,
                   const std::vector<Sample>& batch) {
  TrainerConfig config = weights;
  config.learning_rate = 0.01;
  auto trainer =
      NetworkTrainer::Create(network, config, 1, Device::kCpu).value();
  for (int i = 0; i < 400; ++i) {
    trainer->SetLearningRate(0.01 * (400 - i) / 400.0);
    EXPECT_THAT(trainer->Step(batch), IsOk());
  }
  return trainer->Evaluate(batch).value();
}

NetworkConfig WideConfig() {
  NetworkConfig config = SmallConfig();
  config.token_width = 32;
  config.hidden_size = 64;
  config.feed_forward_width = 64;
  return config;
}

TEST(NetworkTrainerTest, LearnsThePolicyOfABatchByHeart) {
  const std::vector<Sample> batch = RandomBatch(WideConfig(), 4, 1);
  const LossReport report =
      Overfit({.value_weight = 0, .auxiliary_weight = 0}, WideConfig(), batch);
  double entropy = 0;
  for (const Sample& sample : batch) {
    for (const TargetState& target : sample.targets) {
      entropy += Entropy(target.policy) / 12;
    }
  }
  EXPECT_LT(report.policy - entropy, 0.01);
}

TEST(NetworkTrainerTest, LearnsTheValuesOfABatchByHeart) {
  const std::vector<Sample> batch = RandomBatch(WideConfig(), 4, 1);
  const LossReport report =
      Overfit({.policy_weight = 0, .value_weight = 1, .auxiliary_weight = 0},
              WideConfig(), batch);
  double entropy = 0;
  for (const Sample& sample : batch) {
    for (const TargetState& target : sample.targets) {
      entropy += Entropy(WideConfig().support.TwoHot(target.value)) / 12;
    }
  }
  EXPECT_LT(report.value - entropy, 0.01);
  for (const float error : report.value_error) EXPECT_LT(error, 0.05);
}

TEST(NetworkTrainerTest, LearnsEachAuxiliaryOfABatchByHeart) {
  const std::vector<Sample> batch = RandomBatch(WideConfig(), 4, 1);
  for (const size_t head : {0u, 1u}) {
    NetworkConfig config = WideConfig();
    config.auxiliary_heads[1 - head].weight = 0;
    const LossReport report =
        Overfit({.policy_weight = 0, .value_weight = 0}, config, batch);
    EXPECT_LT(report.auxiliary[head], 0.01) << head;
    EXPECT_GT(report.auxiliary[1 - head], 0.01) << head;
  }
}

TEST(NetworkTrainerTest, ALossThatIsNotFiniteLeavesTheWeightsAlone) {
  const auto trainer = MakeTrainer(1);
  Train(*trainer, 0, 2);
  const std::string before = Bytes(*trainer);
  std::vector<Sample> batch = RandomBatch(SmallConfig(), 2, 1);
  batch[1].weight = std::numeric_limits<float>::infinity();
  EXPECT_THAT(trainer->Step(batch),
              HasStatus(absl::StatusCode::kInternal, "must be finite"));
  batch = RandomBatch(SmallConfig(), 2, 1);
  batch[0].observation.tokens[0] = NAN;
  EXPECT_THAT(trainer->Step(batch),
              HasStatus(absl::StatusCode::kInternal, "must be finite"));
  EXPECT_EQ(Bytes(*trainer), before);
  EXPECT_EQ(trainer->step(), 2);
}

TEST(NetworkTrainerTest, SamplesOfOtherShapesAreErrors) {
  const struct {
    const char* message;
    void (*change)(Sample&);
  } kCases[] = {
      {"sample 1: action 5", [](Sample& s) { s.actions[0] = 5; }},
      {"sample 1: 1 actions", [](Sample& s) { s.actions.pop_back(); }},
      {"sample 1: 2 actions and 2", [](Sample& s) { s.targets.pop_back(); }},
      {"sample 1: policy has 4",
       [](Sample& s) { s.targets[0].policy.pop_back(); }},
      {"sample 1: auxiliary has 1",
       [](Sample& s) { s.targets[2].auxiliary.pop_back(); }},
      {"sample 1: value nan", [](Sample& s) { s.targets[1].value = NAN; }},
      {"observation 1: focus", [](Sample& s) { s.observation.focus = 9; }},
  };
  const auto trainer = MakeTrainer(1);
  for (const auto& c : kCases) {
    std::vector<Sample> batch = RandomBatch(SmallConfig(), 2, 1);
    c.change(batch[1]);
    EXPECT_THAT(trainer->Step(batch), HasStatus(kInvalid, c.message));
  }
  EXPECT_THAT(trainer->Step({}), HasStatus(kInvalid, "no samples"));
}

TEST(NetworkTrainerTest, NormalizationOfOtherShapesIsAnError) {
  const auto trainer = MakeTrainer(1);
  FeatureNormalization normalization = {.token_mean = {0, 0, 0},
                                        .token_deviation = {1, 1, 1},
                                        .context_mean = {0, 0},
                                        .context_deviation = {1, 1}};
  EXPECT_THAT(trainer->SetNormalization(normalization), IsOk());
  normalization.context_deviation = {1, -1};
  EXPECT_THAT(trainer->SetNormalization(normalization),
              HasStatus(kInvalid, "context_deviation has the entry -1"));
  normalization.token_mean = {0};
  EXPECT_THAT(trainer->SetNormalization(normalization),
              HasStatus(kInvalid, "token_mean has 1 entries, not 3"));
}

TEST(NetworkTrainerTest, ConfigurationsMustBeValid) {
  EXPECT_THAT(NetworkTrainer::Create({}, {}, 1, Device::kCpu),
              HasStatus(kInvalid, "token_size"));
  EXPECT_THAT(NetworkTrainer::Create(SmallConfig(), {.learning_rate = -1}, 1,
                                     Device::kCpu),
              HasStatus(kInvalid, "learning_rate"));
}

}  // namespace
}  // namespace muzero
