#include "encoder_bridge/clip_costs.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {
namespace {

// Frames on either side that are taken together: what a single leaf costs is
// chance in part.
constexpr int kReach = 5;

void AddTo(ClipCosts::Total& total, double predicted_bits, double bits) {
  total.predicted_bits += predicted_bits;
  total.bits += bits;
  ++total.frames;
}

}  // namespace

void ClipCosts::Add(CostKind kind, int show_index, double predicted_bits,
                    double bits) {
  AddTo(totals_[static_cast<size_t>(kind)], predicted_bits, bits);
  if (kind != CostKind::kLeaf) return;
  const auto i = static_cast<size_t>(show_index);
  if (i >= leaves_.size()) leaves_.resize(i + 1);
  AddTo(leaves_[i], predicted_bits, bits);
}

std::vector<double> ClipCosts::LeafLogFactors(int num_frames) const {
  std::vector<double> factors(static_cast<size_t>(num_frames), 0.0);
  const int num_known = static_cast<int>(leaves_.size());
  for (int i = 0; i < num_frames; ++i) {
    double predicted_bits = 0;
    double bits = 0;
    for (int j = std::max(0, i - kReach);
         j <= std::min(num_known - 1, i + kReach); ++j) {
      predicted_bits += leaves_[static_cast<size_t>(j)].predicted_bits;
      bits += leaves_[static_cast<size_t>(j)].bits;
    }
    if (predicted_bits > 0 && bits > 0) {
      factors[static_cast<size_t>(i)] = std::log(bits / predicted_bits);
    }
  }
  return factors;
}

}  // namespace encoder_bridge
