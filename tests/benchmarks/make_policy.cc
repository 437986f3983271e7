// Writes a network of the default sizes that has learned nothing: make_policy
// FILE.

#include <iostream>

#include "muzero/checkpoint.h"
#include "selfplay/policy_network.h"
#include "tests/cli/policy_file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_policy FILE\n";
    return 2;
  }
  const absl::Status status = muzero::SaveCheckpoint(
      cli::RandomPolicy(selfplay::PolicyNetworkConfig(), /*seed=*/1), argv[1]);
  if (status.ok()) return 0;
  std::cerr << "make_policy: " << status.message() << "\n";
  return 1;
}
