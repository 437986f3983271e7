#include "muzero/loss.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "muzero/network.h"
#include "muzero/torch_bridge.h"
#include "tests/muzero/small_network.h"

namespace muzero {
namespace {

// A network and a batch with numbers of double precision.
class LossTest : public testing::Test {
 protected:
  LossTest() {
    UseCallingThreadOnly();
    network_->Initialize(1);
    network_->to(torch::kFloat64);
    std::vector<Sample> samples = RandomBatch(SmallConfig(), 3, 1);
    samples[0].weight = 2;
    samples[1].targets[2].policy.clear();
    samples[2].targets[1].auxiliary[0] = NAN;
    batch_ = Load(samples);
  }

  static TrainingBatch Load(const std::vector<Sample>& samples) {
    return Convert(MakeTrainingBatch(SmallConfig(), samples).value(),
                   torch::kCPU, torch::kFloat64);
  }

  double Loss(const TrainingBatch& batch) {
    return ComputeLosses(config_, batch, *network_).total.item<double>();
  }

  // d total / d parameter
  torch::Tensor Gradient(const std::string& name) {
    return torch::autograd::grad(
        {ComputeLosses(config_, batch_, *network_).total},
        {network_->named_parameters()[name]})[0];
  }

  // (L(x + h) - L(x - h)) / 2h of entry `index`.
  double Difference(const torch::Tensor& parameter, int64_t index) {
    constexpr double kStep = 1e-6;
    double& x = parameter.data_ptr<double>()[index];
    const double old = x;
    x = old + kStep;
    const double above = Loss(batch_);
    x = old - kStep;
    const double below = Loss(batch_);
    x = old;
    return (above - below) / (2 * kStep);
  }

  TrainerConfig config_ = {.dynamics_gradient_scale = 1};
  std::shared_ptr<Network> network_ = std::make_shared<Network>(SmallConfig());
  TrainingBatch batch_;
};

// Every parameter tensor of every module, several entries each.
TEST_F(LossTest, GradientsAreWhatFiniteDifferencesSay) {
  for (const auto& entry : network_->named_parameters()) {
    SCOPED_TRACE(entry.key());
    const torch::Tensor gradient = Gradient(entry.key()).flatten();
    const int64_t stride = std::max<int64_t>(1, gradient.numel() / 7);
    for (int64_t i = 0; i < gradient.numel(); i += stride) {
      EXPECT_NEAR(gradient[i].item<double>(), Difference(entry.value(), i),
                  1e-7);
    }
  }
}

TEST_F(LossTest, EveryParameterHasAGradient) {
  for (const auto& entry : network_->named_parameters()) {
    // A key's bias shifts all scores of a softmax alike: the half of this
    // bias that belongs to keys has none, the other has.
    EXPECT_GT(Gradient(entry.key()).abs().max().item<double>(), 1e-9)
        << entry.key();
  }
}

// With only the loss of the last of K = 2 steps, the gradient that reaches the
// representation has passed two recurrent steps.
TEST_F(LossTest, GradientIsScaledOnItsWayIntoEachRecurrentStep) {
  config_ = {.value_weight = 0, .auxiliary_weight = 0};
  batch_.policy.slice(/*dim=*/1, 0, 2).zero_();
  const std::string parameter = "representation.out.weight";
  config_.dynamics_gradient_scale = 1;
  const torch::Tensor whole = Gradient(parameter);
  config_.dynamics_gradient_scale = 0.5;
  EXPECT_TRUE(torch::allclose(Gradient(parameter), whole * 0.25));
  config_.dynamics_gradient_scale = 0;
  EXPECT_EQ(Gradient(parameter).abs().max().item<double>(), 0);
}

TEST_F(LossTest, GradientScaleDoesNotChangeTheLoss) {
  const double loss = Loss(batch_);
  config_.dynamics_gradient_scale = 0.3;
  EXPECT_DOUBLE_EQ(Loss(batch_), loss);
}

TEST_F(LossTest, UnrolledLossesCountOneKthAndTheRootsWhole) {
  config_ = {.value_weight = 0, .auxiliary_weight = 0};
  batch_.weight.fill_(1);
  const torch::Tensor policy = batch_.policy.clone();
  double parts = 0;
  double sum = 0;
  for (int64_t k = 0; k < 3; ++k) {
    batch_.policy.zero_();
    batch_.policy.select(1, k).copy_(policy.select(1, k));
    const Losses losses = ComputeLosses(config_, batch_, *network_);
    parts += losses.total.item<double>();
    // One policy of 9 is masked; the report's mean is over the other 8.
    sum += losses.policy.item<double>() * 8 / 3 / (k == 0 ? 1 : 2);
  }
  EXPECT_NEAR(parts, sum, 1e-12);
  batch_.policy.copy_(policy);
  EXPECT_NEAR(Loss(batch_), parts, 1e-12);
}

TEST_F(LossTest, SamplesCountByTheirWeight) {
  std::vector<Sample> samples = RandomBatch(SmallConfig(), 2, 5);
  samples[0].weight = 3;
  samples[1].weight = 0.5;
  const double both = Loss(Load(samples));
  double sum = 0;
  for (const Sample& sample : samples) sum += Loss(Load({sample}));
  EXPECT_NEAR(both, sum / 2, 1e-12);
}

TEST_F(LossTest, WhatIsMaskedDoesNotCount) {
  std::vector<Sample> samples = RandomBatch(SmallConfig(), 1, 5);
  for (TargetState& target : samples[0].targets) {
    target.policy.clear();
    target.auxiliary.clear();
  }
  const Losses losses = ComputeLosses(config_, Load(samples), *network_);
  EXPECT_EQ(losses.policy.item<double>(), 0);
  EXPECT_EQ(losses.auxiliary.abs().sum().item<double>(), 0);
  config_.value_weight = 0;
  EXPECT_EQ(Loss(Load(samples)), 0);
}

TEST_F(LossTest, PaddingDoesNotChangeTheLoss) {
  std::vector<Sample> samples = RandomBatch(SmallConfig(), 3, 5);
  double sum = 0;
  for (const Sample& sample : samples) sum += Loss(Load({sample}));
  EXPECT_NEAR(Loss(Load(samples)), sum / 3, 1e-12);
}

}  // namespace
}  // namespace muzero
