// How long the default network takes on one core.  See docs/muzero.md.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/network_model.h"
#include "muzero/network_trainer.h"
#include "muzero/targets.h"
#include "tests/muzero/small_network.h"

namespace muzero {
namespace {

NetworkConfig DefaultConfig() {
  return {.token_size = 40,
          .context_size = 24,
          .num_actions = 255,
          .auxiliary_heads = {{.name = "bits"},
                              {.name = "psnr_db"},
                              {.name = "final_bits"},
                              {.name = "final_psnr_db"}}};
}

std::unique_ptr<NetworkTrainer> MakeTrainer() {
  return NetworkTrainer::Create(DefaultConfig(), {}, /*seed=*/1, Device::kCpu)
      .value();
}

std::unique_ptr<NetworkModel> MakeModel() {
  return NetworkModel::Create(MakeTrainer()->ToCheckpoint(false).value(),
                              Device::kCpu)
      .value();
}

// Arguments: batch size, tokens.
void BM_InitialInference(benchmark::State& state) {
  const auto model = MakeModel();
  std::mt19937_64 random(1);
  std::vector<Observation> observations;
  for (int i = 0; i < state.range(0); ++i) {
    observations.push_back(RandomObservation(
        DefaultConfig(), static_cast<int>(state.range(1)), random));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(model->InitialInference(observations));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_InitialInference)
    ->ArgsProduct({{1, 4, 16}, {64}})
    ->Args({1, 48})
    ->ArgNames({"batch", "tokens"});

// Argument: batch size.
void BM_RecurrentInference(benchmark::State& state) {
  const auto model = MakeModel();
  const std::vector<float> hidden_state(256, 0.5f);
  std::vector<Transition> transitions;
  for (int i = 0; i < state.range(0); ++i) {
    transitions.push_back({hidden_state, i * 10});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(model->RecurrentInference(transitions));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_RecurrentInference)->Arg(1)->Arg(4)->Arg(16)->ArgName("batch");

// The network calls of one search of 16 simulations, Gumbel MuZero's: all of
// them ask about different actions of the root, at once.
void BM_NetworkCallsOfOneSearch(benchmark::State& state) {
  const auto model = MakeModel();
  std::mt19937_64 random(1);
  const Observation observation = RandomObservation(
      DefaultConfig(), static_cast<int>(state.range(0)), random);
  for (auto _ : state) {
    const std::vector<Prediction> root =
        model->InitialInference({&observation, 1}).value();
    std::vector<Transition> transitions;
    for (int i = 0; i < 16; ++i) {
      transitions.push_back({root[0].hidden_state, i});
    }
    benchmark::DoNotOptimize(model->RecurrentInference(transitions));
  }
}
BENCHMARK(BM_NetworkCallsOfOneSearch)->Arg(48)->Arg(64)->ArgName("tokens");

// A step on 64 samples of 64 tokens, unrolled five times.
void BM_TrainingStep(benchmark::State& state) {
  const auto trainer = MakeTrainer();
  std::mt19937_64 random(1);
  std::vector<Sample> batch;
  for (int i = 0; i < 64; ++i) {
    batch.push_back(RandomSample(DefaultConfig(), /*num_tokens=*/64,
                                 /*num_unroll_steps=*/5, random));
  }
  for (auto _ : state) benchmark::DoNotOptimize(trainer->Step(batch));
}
BENCHMARK(BM_TrainingStep)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace muzero
