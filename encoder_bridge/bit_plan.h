#ifndef ENCODER_BRIDGE_BIT_PLAN_H_
#define ENCODER_BRIDGE_BIT_PLAN_H_

#include <array>
#include <cstddef>

#include "encoder_bridge/rate_model.h"

namespace encoder_bridge {

// The three kinds of frames whose cost is predicted, and corrected, apart.
enum class CostKind { kKey, kAltRef, kLeaf };
inline constexpr size_t kNumCostKinds = 3;

// By how much the model is wrong, as a factor for each kind.
using CostFactors = std::array<double, kNumCostKinds>;

// A share of one frame that is still to be coded.
struct PlannedFrame {
  CostKind kind = CostKind::kLeaf;
  FrameCost cost;
  // ln of its quantizer step is `follow` times that of the base, plus `offset`.
  double follow = 1;
  double offset = 0;
  double share = 1;  // 0.5: half of such a frame.

  // ln of its step at a base, before it is limited to what VP9 has.
  double LogStep(double log_base) const { return follow * log_base + offset; }
};

// What all frames still to be coded cost together, as a function of one base
// quantizer step: sums of predicted bits over a fixed grid of ln(base step).
// The base may lie above VP9's coarsest step: frames with negative offsets
// then still have room, while the others are at q_index 255.
//
// Every operation is O(1), so a plan over a film costs no more per frame than
// one over a second.
class BitPlan {
 public:
  void Add(const PlannedFrame& frame) { Accumulate(frame, 1); }

  // REQUIRES: an equal `frame` was added before.
  void Remove(const PlannedFrame& frame) { Accumulate(frame, -1); }

  // Bits that everything planned costs at `log_base`, with each kind's
  // prediction times its factor.
  double Bits(double log_base, const CostFactors& factors) const;

  // The ln(base step) at which Bits() is `bits`; the nearest end of the grid
  // if no step is.
  double LogBaseFor(double bits, const CostFactors& factors) const;

  // Ends of the grid.
  static double MinLogBase();
  static double MaxLogBase();

 private:
  static constexpr int kGridSize = 100;

  void Accumulate(const PlannedFrame& frame, double sign);
  double GridBits(int point, const CostFactors& factors) const;

  // [kNumCostKinds, kGridSize] predicted bits.
  std::array<std::array<double, kGridSize>, kNumCostKinds> bits_ = {};
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_BIT_PLAN_H_
