#ifndef MUZERO_NETWORK_SHAPES_H_
#define MUZERO_NETWORK_SHAPES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "muzero/network_config.h"
#include "muzero/tensor.h"

namespace muzero {

// Name and shape of every tensor of a network.
struct NetworkShapes {
  std::map<std::string, std::vector<int64_t>> parameters;  // What is learned.
  std::map<std::string, std::vector<int64_t>> buffers;     // What is set.
};

// What network.cc builds for `config`, known without building it.
// REQUIRES: `config` is valid.
NetworkShapes ShapesOf(const NetworkConfig& config);

// How many numbers a network of `config` learns.
// REQUIRES: `config` is valid.
int64_t NumParameters(const NetworkConfig& config);

// InvalidArgument, naming the tensor with the shapes there and wanted, unless
// `weights` are just the parameters and buffers of `config`.
// REQUIRES: `config` is valid.
absl::Status CheckWeights(const NetworkConfig& config,
                          const NamedTensors& weights);

}  // namespace muzero

#endif  // MUZERO_NETWORK_SHAPES_H_
