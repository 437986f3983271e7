#ifndef TESTS_CLI_POLICY_FILE_H_
#define TESTS_CLI_POLICY_FILE_H_

#include <cstdint>
#include <string>

#include "muzero/checkpoint.h"
#include "muzero/network_config.h"

namespace cli {

// A network for this program's encodes, its weights drawn from `seed`: a small
// one, or one of the sizes in `config`.
muzero::Checkpoint RandomPolicy(uint64_t seed);
muzero::Checkpoint RandomPolicy(const muzero::NetworkConfig& config,
                                uint64_t seed);

// Sets every weight of `policy` to `value`, such as one that is not a number.
void FillWeights(float value, muzero::Checkpoint& policy);

// Writes `policy` to `path`; fails the test if it cannot.  Returns `path`.
std::string SavePolicy(const muzero::Checkpoint& policy,
                       const std::string& path);

}  // namespace cli

#endif  // TESTS_CLI_POLICY_FILE_H_
