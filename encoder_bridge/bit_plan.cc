#include "encoder_bridge/bit_plan.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_model.h"

namespace encoder_bridge {
namespace {

// ln(base step) at the first point of the grid, and between points.
constexpr double kFirstPoint = 1.5;
constexpr double kSpacing = 0.1125;

double PointAt(int point) { return kFirstPoint + kSpacing * point; }

}  // namespace

double BitPlan::MinLogBase() { return PointAt(0); }

double BitPlan::MaxLogBase() { return PointAt(kGridSize - 1); }

void BitPlan::Accumulate(const PlannedFrame& frame, double sign) {
  auto& sums = bits_[static_cast<size_t>(frame.kind)];
  for (int i = 0; i < kGridSize; ++i) {
    const double log_step =
        std::clamp(frame.LogStep(PointAt(i)), MinLogQuantizerStep(),
                   MaxLogQuantizerStep());
    double& sum = sums[static_cast<size_t>(i)];
    // Rounding must not leave less than nothing.
    sum = std::max(0.0, sum + sign * frame.share * frame.cost.Bits(log_step));
  }
}

double BitPlan::GridBits(int point, const CostFactors& factors) const {
  double bits = 0;
  for (size_t kind = 0; kind < kNumCostKinds; ++kind) {
    bits += factors[kind] * bits_[kind][static_cast<size_t>(point)];
  }
  return bits;
}

double BitPlan::Bits(double log_base, const CostFactors& factors) const {
  const double place = std::clamp((log_base - kFirstPoint) / kSpacing, 0.0,
                                  static_cast<double>(kGridSize - 1));
  const int low = std::min(static_cast<int>(place), kGridSize - 2);
  const double fraction = place - low;
  return (1 - fraction) * GridBits(low, factors) +
         fraction * GridBits(low + 1, factors);
}

double BitPlan::LogBaseFor(double bits, const CostFactors& factors) const {
  if (GridBits(0, factors) <= bits) return MinLogBase();
  if (GridBits(kGridSize - 1, factors) >= bits) return MaxLogBase();
  int low = 0;  // Costs more than `bits`; high does not.
  int high = kGridSize - 1;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (GridBits(middle, factors) > bits ? low : high) = middle;
  }
  const double more = GridBits(low, factors);
  const double less = GridBits(high, factors);
  return PointAt(low) + kSpacing * (more - bits) / std::max(more - less, 1e-9);
}

}  // namespace encoder_bridge
