#include "encoder_bridge/quantizer_step.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

// A stretch of the table that is a straight line from its `q_index` on.
struct Stretch {
  double q_index;
  double step;
  double slope;  // Steps per q_index.
};

constexpr std::array<Stretch, 3> kLinear = {
    {{0, 7, 1}, {95, 102, 2}, {120, 152, 3}}};
// From here on the step grows by a constant factor.
constexpr double kExponentialQIndex = 136;
constexpr double kExponentialStep = 200;
constexpr double kGrowth = 0.018594;  // ln of the factor per q_index.

}  // namespace

double LogQuantizerStep(int q_index) {
  const double q = q_index;
  if (q >= kExponentialQIndex) {
    return std::log(kExponentialStep) + kGrowth * (q - kExponentialQIndex);
  }
  const Stretch* stretch = &kLinear.front();
  for (const Stretch& s : kLinear) {
    if (q >= s.q_index) stretch = &s;
  }
  return std::log(stretch->step + stretch->slope * (q - stretch->q_index));
}

int QIndexForLogStep(double log_step) {
  if (!(log_step > MinLogQuantizerStep())) return kMinQIndex;
  if (log_step >= MaxLogQuantizerStep()) return kMaxQIndex;
  int low = kMinQIndex;  // Its step is below `log_step`, that of high is not.
  int high = kMaxQIndex;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (LogQuantizerStep(middle) < log_step ? low : high) = middle;
  }
  return log_step - LogQuantizerStep(low) < LogQuantizerStep(high) - log_step
             ? low
             : high;
}

double MinLogQuantizerStep() { return LogQuantizerStep(kMinQIndex); }

double MaxLogQuantizerStep() { return LogQuantizerStep(kMaxQIndex); }

}  // namespace encoder_bridge
