#ifndef ENCODER_BRIDGE_CLIP_COSTS_H_
#define ENCODER_BRIDGE_CLIP_COSTS_H_

#include <array>
#include <vector>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {

// What the frames of a clip turned out to cost in one encode, beside what a
// RateModel had predicted: another encode of the clip, at about the same
// bitrate, need not find that out again.
class ClipCosts {
 public:
  struct Total {
    double predicted_bits = 0;  // At the steps the frames were coded with.
    double bits = 0;
    int frames = 0;
  };

  // REQUIRES: show_index >= 0, predicted_bits > 0, bits >= 0.
  void Add(CostKind kind, int show_index, double predicted_bits, double bits);

  // Of all frames of a kind.
  const Total& Of(CostKind kind) const {
    return totals_[static_cast<size_t>(kind)];
  }

  // For each shown frame of a clip of `num_frames`, ln of the factor that the
  // predictions of the leaves about it were off by; 0 where there were none.
  std::vector<double> LeafLogFactors(int num_frames) const;

 private:
  std::array<Total, kNumCostKinds> totals_;
  std::vector<Total> leaves_;  // By show index.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CLIP_COSTS_H_
