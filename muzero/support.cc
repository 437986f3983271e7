#include "muzero/support.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

namespace muzero {

std::vector<float> Support::TwoHot(double value) const {
  assert(size >= 2 && min < max && !std::isnan(value));
  const double step = (max - min) / (size - 1);
  const double position = (std::clamp(value, min, max) - min) / step;
  const int low = std::clamp(static_cast<int>(position), 0, size - 2);
  const auto weight_of_high = static_cast<float>(position - low);
  std::vector<float> weights(static_cast<size_t>(size), 0.0f);  // [size]
  weights[static_cast<size_t>(low)] = 1 - weight_of_high;
  weights[static_cast<size_t>(low) + 1] = weight_of_high;
  return weights;
}

double Support::Mean(absl::Span<const float> logits) const {
  assert(logits.size() == static_cast<size_t>(size));
  const float largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  double weighted = 0;
  for (int i = 0; i < size; ++i) {
    const double weight =
        std::exp(static_cast<double>(logits[static_cast<size_t>(i)]) - largest);
    sum += weight;
    weighted += weight * Point(i);
  }
  return weighted / sum;
}

double Support::Point(int index) const {
  assert(index >= 0 && index < size);
  return min + (max - min) * index / (size - 1);
}

}  // namespace muzero
