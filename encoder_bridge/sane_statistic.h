#ifndef ENCODER_BRIDGE_SANE_STATISTIC_H_
#define ENCODER_BRIDGE_SANE_STATISTIC_H_

#include <algorithm>
#include <cmath>

namespace encoder_bridge {

// A first-pass error or share as a number that can be reckoned with: finite and
// not negative, whatever the statistics hold.
inline double SaneStatistic(double value) {
  return std::isfinite(value) && value > 0 ? std::min(value, 1e9) : 0;
}

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SANE_STATISTIC_H_
