#ifndef MUZERO_SOFTMAX_H_
#define MUZERO_SOFTMAX_H_

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace muzero {

// exp(logits) / sum(exp(logits)), for logits of any size.
// REQUIRES: there are logits, and they are finite.
template <typename T>
std::vector<T> Softmax(absl::Span<const T> logits) {
  assert(!logits.empty());
  const T max = *std::max_element(logits.begin(), logits.end());
  std::vector<T> probabilities(logits.size());
  double sum = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    probabilities[i] = std::exp(logits[i] - max);
    sum += static_cast<double>(probabilities[i]);
  }
  const T scale = static_cast<T>(1 / sum);
  for (T& p : probabilities) p *= scale;
  return probabilities;
}

}  // namespace muzero

#endif  // MUZERO_SOFTMAX_H_
