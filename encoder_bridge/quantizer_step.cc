#include "encoder_bridge/quantizer_step.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/types/span.h"
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
// Of 10-bit VP9, whose samples, and so steps, are four times as large.
constexpr std::array<Stretch, 6> kTenBitLinear = {{{0, 6.5, 2.58},
                                                   {9, 30, 3.7},
                                                   {20, 71, 4.35},
                                                   {40, 158, 4.42},
                                                   {95, 401, 8.12},
                                                   {120, 604, 12.25}}};
constexpr double kTenBitScale = 4;
// From here on the step grows by a constant factor.
constexpr double kExponentialQIndex = 136;
constexpr double kExponentialStep = 200;
constexpr double kGrowth = 0.018594;  // ln of the factor per q_index.

double LogStep(absl::Span<const Stretch> linear, double scale, double q) {
  if (q >= kExponentialQIndex) {
    return std::log(kExponentialStep) + kGrowth * (q - kExponentialQIndex);
  }
  const Stretch* stretch = &linear.front();
  for (const Stretch& s : linear) {
    if (q >= s.q_index) stretch = &s;
  }
  return std::log((stretch->step + stretch->slope * (q - stretch->q_index)) /
                  scale);
}

// In steps of 8-bit VP9.
double LogTenBitStep(int q_index) {
  return LogStep(kTenBitLinear, kTenBitScale, q_index);
}

// The q_index whose `log_step_of`, which rises, is nearest to `log_step`.
int NearestQIndex(double log_step, double (*log_step_of)(int q_index)) {
  if (!(log_step > log_step_of(kMinQIndex))) return kMinQIndex;
  if (log_step >= log_step_of(kMaxQIndex)) return kMaxQIndex;
  int low = kMinQIndex;  // Its step is below `log_step`, that of high is not.
  int high = kMaxQIndex;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (log_step_of(middle) < log_step ? low : high) = middle;
  }
  return log_step - log_step_of(low) < log_step_of(high) - log_step ? low
                                                                    : high;
}

}  // namespace

double LogQuantizerStep(int q_index) { return LogStep(kLinear, 1, q_index); }

int QIndexForLogStep(double log_step) {
  return NearestQIndex(log_step, LogQuantizerStep);
}

int TenBitQIndex(int q_index) {
  return NearestQIndex(LogQuantizerStep(q_index), LogTenBitStep);
}

int EightBitQIndex(int ten_bit_q_index) {
  return QIndexForLogStep(LogTenBitStep(ten_bit_q_index));
}

double MinLogQuantizerStep() { return LogQuantizerStep(kMinQIndex); }

double MaxLogQuantizerStep() { return LogQuantizerStep(kMaxQIndex); }

}  // namespace encoder_bridge
