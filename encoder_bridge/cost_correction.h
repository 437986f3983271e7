#ifndef ENCODER_BRIDGE_COST_CORRECTION_H_
#define ENCODER_BRIDGE_COST_CORRECTION_H_

#include <array>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {

// Learns by what factor the predicted bits of each kind of frame are off in
// the clip at hand: bits that frames of the kind took over bits predicted for
// them, drawn towards 1 as long as few have been seen.
//
// Older frames count less, by a half-life that the caller sets: a clip that
// is nearly over wants the recent frames, a film wants them all.
class CostCorrection {
 public:
  // `memory` is the number of frames of the kind after which an observation
  // counts 1/e.  REQUIRES: `predicted_bits` > 0, `bits` >= 0, `memory` >= 1.
  void Observe(CostKind kind, double predicted_bits, double bits,
               double memory);

  // Takes over what `frames` frames of a kind cost in another encode, as if
  // they had been observed just now.  REQUIRES: predicted_bits > 0, frames > 0.
  void Know(CostKind kind, double predicted_bits, double bits, double frames);

  CostFactors factors() const;

 private:
  struct Seen {
    double bits = 0;
    double predicted_bits = 0;
    double frames = 0;
  };
  std::array<Seen, kNumCostKinds> seen_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_COST_CORRECTION_H_
