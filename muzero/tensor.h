#ifndef MUZERO_TENSOR_H_
#define MUZERO_TENSOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace muzero {

// An array of numbers as it lies in a file; what networks compute with is
// LibTorch's affair.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> values;  // Row-major; as many as `shape` says.
};

using NamedTensors = std::map<std::string, Tensor>;

}  // namespace muzero

#endif  // MUZERO_TENSOR_H_
