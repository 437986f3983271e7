#ifndef MUZERO_MIN_MAX_STATS_H_
#define MUZERO_MIN_MAX_STATS_H_

#include <algorithm>
#include <limits>

namespace muzero {

// The range of the values that one search has seen, and the scale that it
// compares values on [MuZero, App. B, Eq. 5].
class MinMaxStats {
 public:
  // Ranges below this are a network's rounding noise, and are not blown up to
  // the full scale.
  static constexpr double kSmallestRange = 1e-5;

  void Update(double value) {
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }

  // `value` on the scale where min() is 0 and max() is 1.  All values are 0 as
  // long as only one is known.  (MuZero's pseudocode does not scale then, which
  // makes the first choices depend on the sign of the values.)
  // REQUIRES: Update() was called.
  double Normalize(double value) const {
    return (value - min_) / std::max(max_ - min_, kSmallestRange);
  }

  // REQUIRES: Update() was called.
  double min() const { return min_; }
  double max() const { return max_; }

 private:
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

}  // namespace muzero

#endif  // MUZERO_MIN_MAX_STATS_H_
