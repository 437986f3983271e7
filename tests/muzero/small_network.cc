#include "tests/muzero/small_network.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "muzero/checkpoint.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/network_shapes.h"
#include "muzero/targets.h"

namespace muzero {
namespace {

std::vector<float> RandomVector(int size, std::mt19937_64& random) {
  std::vector<float> values(static_cast<size_t>(size));
  std::normal_distribution<float> normal;
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<float> RandomPolicy(int size, std::mt19937_64& random) {
  std::vector<float> policy(static_cast<size_t>(size));
  std::exponential_distribution<float> exponential;
  float sum = 0;
  for (float& p : policy) sum += p = exponential(random);
  for (float& p : policy) p /= sum;
  return policy;
}

}  // namespace

NetworkConfig SmallConfig() {
  return {.token_size = 3,
          .context_size = 2,
          .num_actions = 5,
          .auxiliary_heads = {{.name = "bits", .scale = 2, .offset = 1},
                              {.name = "psnr_db", .weight = 0.5}},
          .support = {.min = -1, .max = 1, .size = 5},
          .token_width = 8,
          .num_attention_heads = 2,
          .num_layers = 2,
          .feed_forward_width = 12,
          .hidden_size = 6,
          .num_dynamics_blocks = 1,
          .num_action_knots = 3};
}

Checkpoint SmallCheckpoint() {
  Checkpoint checkpoint = {.config = SmallConfig(), .step = 7};
  checkpoint.config.num_layers = 1;
  checkpoint.config.num_dynamics_blocks = 0;
  checkpoint.config.num_prediction_blocks = 0;
  NetworkShapes shapes = ShapesOf(checkpoint.config);
  shapes.parameters.merge(shapes.buffers);
  float next = 0;
  for (const auto& [name, shape] : shapes.parameters) {
    Tensor& tensor = checkpoint.weights[name];
    tensor.shape = shape;
    int64_t size = 1;
    for (const int64_t extent : shape) size *= extent;
    tensor.values.resize(static_cast<size_t>(size));
    for (float& value : tensor.values) value = next++;
  }
  checkpoint.optimizer["step"] = {.shape = {1}, .values = {7}};
  checkpoint.notes["trained on"] = "\"sha256\":\"a trap\", and ümlauts";
  return checkpoint;
}

Observation RandomObservation(const NetworkConfig& config, int num_tokens,
                              std::mt19937_64& random) {
  return {
      .num_tokens = num_tokens,
      .tokens = RandomVector(num_tokens * config.token_size, random),
      .context = RandomVector(config.context_size, random),
      .focus = static_cast<int>(random() % static_cast<uint64_t>(num_tokens))};
}

Sample RandomSample(const NetworkConfig& config, int num_tokens,
                    int num_unroll_steps, std::mt19937_64& random) {
  Sample sample;
  sample.observation = RandomObservation(config, num_tokens, random);
  std::uniform_real_distribution<float> value(-0.9f, 0.9f);
  for (int k = 0; k <= num_unroll_steps; ++k) {
    sample.targets.push_back(
        {.value = value(random),
         .policy = RandomPolicy(config.num_actions, random),
         .auxiliary = RandomVector(
             static_cast<int>(config.auxiliary_heads.size()), random)});
    if (k == num_unroll_steps) break;
    sample.actions.push_back(
        static_cast<int>(random() % static_cast<uint64_t>(config.num_actions)));
  }
  return sample;
}

std::vector<Sample> RandomBatch(const NetworkConfig& config, int size,
                                uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Sample> batch;
  for (int i = 0; i < size; ++i) {
    batch.push_back(RandomSample(config, /*num_tokens=*/1 + i % 5,
                                 /*num_unroll_steps=*/2, random));
  }
  return batch;
}

}  // namespace muzero
