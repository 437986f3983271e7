// Writes a network that has learned nothing, of the default sizes or others:
// make_policy FILE [TOKEN_WIDTH LAYERS HIDDEN_SIZE PREDICTION_BLOCKS].

#include <cstdlib>
#include <iostream>

#include "muzero/checkpoint.h"
#include "muzero/network_config.h"
#include "selfplay/policy_network.h"
#include "tests/cli/policy_file.h"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 6) {
    std::cerr << "usage: make_policy FILE [TOKEN_WIDTH LAYERS HIDDEN_SIZE "
                 "PREDICTION_BLOCKS]\n";
    return 2;
  }
  muzero::NetworkConfig config = selfplay::PolicyNetworkConfig();
  if (argc == 6) {
    config.token_width = std::atoi(argv[2]);
    config.feed_forward_width = 2 * config.token_width;
    config.num_layers = std::atoi(argv[3]);
    config.hidden_size = std::atoi(argv[4]);
    config.num_prediction_blocks = std::atoi(argv[5]);
  }
  absl::Status status = config.Validate();
  if (status.ok()) {
    status =
        muzero::SaveCheckpoint(cli::RandomPolicy(config, /*seed=*/1), argv[1]);
  }
  if (status.ok()) return 0;
  std::cerr << "make_policy: " << status.message() << "\n";
  return 1;
}
