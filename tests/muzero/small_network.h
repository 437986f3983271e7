#ifndef TESTS_MUZERO_SMALL_NETWORK_H_
#define TESTS_MUZERO_SMALL_NETWORK_H_

#include <cstdint>
#include <random>
#include <vector>

#include "muzero/checkpoint.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"

namespace muzero {

// A network of a few hundred weights, with two auxiliary heads.
NetworkConfig SmallConfig();

// Of a network with fewer layers still, its weights counting up from 0.
Checkpoint SmallCheckpoint();

// Random, of the shapes of `config`.
Observation RandomObservation(const NetworkConfig& config, int num_tokens,
                              std::mt19937_64& random);

// With random targets for everything.
Sample RandomSample(const NetworkConfig& config, int num_tokens,
                    int num_unroll_steps, std::mt19937_64& random);

// `size` of those, of 1 to 5 tokens and two steps, drawn from `seed`.
std::vector<Sample> RandomBatch(const NetworkConfig& config, int size,
                                uint64_t seed);

}  // namespace muzero

#endif  // TESTS_MUZERO_SMALL_NETWORK_H_
