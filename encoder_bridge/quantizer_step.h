#ifndef ENCODER_BRIDGE_QUANTIZER_STEP_H_
#define ENCODER_BRIDGE_QUANTIZER_STEP_H_

namespace encoder_bridge {

// ln of the quantizer step of the AC coefficients that 8-bit VP9 uses at
// `q_index`, to 4 %: the standard's table (VP9 specification, ac_qlookup) is
// 7 + q_index at the low end and grows by 1.9 % a step at the high end.
// Bits fall about in proportion to the step, so rate control is done in this
// scale.  REQUIRES: `q_index` in [kMinQIndex, kMaxQIndex].
double LogQuantizerStep(int q_index);

// The q_index in [kMinQIndex, kMaxQIndex] whose LogQuantizerStep() is nearest
// to `log_step`, which may be any number.
int QIndexForLogStep(double log_step);

// The q_index in [kMinQIndex, kMaxQIndex] that stands in 10-bit VP9 for the
// step, as a part of the samples' range, nearest to that of `q_index` in 8-bit
// VP9; and the other way round.  (Below the finest step of 8 bits 10-bit VP9
// has nine finer ones.)  REQUIRES: as above.
int TenBitQIndex(int q_index);
int EightBitQIndex(int ten_bit_q_index);

// LogQuantizerStep() of kMinQIndex and of kMaxQIndex.
double MinLogQuantizerStep();
double MaxLogQuantizerStep();

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_QUANTIZER_STEP_H_
