#include "tests/cli/policy_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "muzero/device.h"
#include "muzero/network_config.h"
#include "muzero/network_trainer.h"
#include "selfplay/policy_network.h"

namespace cli {

muzero::Checkpoint RandomPolicy(uint64_t seed) {
  muzero::NetworkConfig config = selfplay::PolicyNetworkConfig();
  config.token_width = 16;
  config.num_attention_heads = 2;
  config.num_layers = 2;
  config.feed_forward_width = 32;
  config.hidden_size = 32;
  return RandomPolicy(config, seed);
}

muzero::Checkpoint RandomPolicy(const muzero::NetworkConfig& config,
                                uint64_t seed) {
  auto trainer = muzero::NetworkTrainer::Create(config, muzero::TrainerConfig(),
                                                seed, muzero::Device::kCpu);
  EXPECT_TRUE(trainer.ok()) << trainer.status();
  muzero::Checkpoint policy =
      (*trainer)->ToCheckpoint(/*with_optimizer=*/false).value();
  policy.notes = selfplay::PolicyNetworkNotes();
  return policy;
}

void FillWeights(float value, muzero::Checkpoint& policy) {
  for (auto& [name, tensor] : policy.weights) {
    std::fill(tensor.values.begin(), tensor.values.end(), value);
  }
}

std::string SavePolicy(const muzero::Checkpoint& policy,
                       const std::string& path) {
  const absl::Status status = muzero::SaveCheckpoint(policy, path);
  EXPECT_TRUE(status.ok()) << status;
  return path;
}

}  // namespace cli
