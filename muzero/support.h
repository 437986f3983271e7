#ifndef MUZERO_SUPPORT_H_
#define MUZERO_SUPPORT_H_

#include <vector>

#include "absl/types/span.h"

namespace muzero {

// The bins of a categorical value [MuZero, App. F]: `size` points, evenly
// spaced from `min` to `max`.
struct Support {
  double min = -1;
  double max = 1;
  int size = 41;

  // `value`, clamped to the support, as a two-hot distribution: all its weight
  // on the two points around it, so that the mean is `value`.  Returns [size].
  std::vector<float> TwoHot(double value) const;

  // The mean of softmax(logits).  REQUIRES: logits is [size].
  double Mean(absl::Span<const float> logits) const;

  // The value of point `index`.
  double Point(int index) const;
};

}  // namespace muzero

#endif  // MUZERO_SUPPORT_H_
