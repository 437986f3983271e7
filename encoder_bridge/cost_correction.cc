#include "encoder_bridge/cost_correction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {
namespace {

// How many frames, predicted exactly, the trust in the model is worth: the
// variance of a frame's error over that of a clip's, from fit_rate_model.py.
constexpr std::array<double, kNumCostKinds> kPriorFrames = {0.5, 0.6, 3};
// No frame alone may claim more than that.
constexpr double kMaxFactor = 50;

}  // namespace

void CostCorrection::Observe(CostKind kind, double predicted_bits, double bits,
                             double memory) {
  Seen& seen = seen_[static_cast<size_t>(kind)];
  const double keep = std::exp(-1 / memory);
  const double limited = std::clamp(bits, predicted_bits / kMaxFactor,
                                    predicted_bits * kMaxFactor);
  seen.bits = keep * seen.bits + limited;
  seen.predicted_bits = keep * seen.predicted_bits + predicted_bits;
  seen.frames = keep * seen.frames + 1;
}

void CostCorrection::Know(CostKind kind, double predicted_bits, double bits,
                          double frames) {
  seen_[static_cast<size_t>(kind)] = {
      .bits = bits, .predicted_bits = predicted_bits, .frames = frames};
}

CostFactors CostCorrection::factors() const {
  CostFactors factors;
  for (size_t kind = 0; kind < kNumCostKinds; ++kind) {
    const Seen& seen = seen_[kind];
    factors[kind] = 1;
    if (seen.frames <= 0) continue;
    const double prior = kPriorFrames[kind] * seen.predicted_bits / seen.frames;
    factors[kind] = (seen.bits + prior) / (seen.predicted_bits + prior);
  }
  return factors;
}

}  // namespace encoder_bridge
