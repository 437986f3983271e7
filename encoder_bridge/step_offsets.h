#ifndef ENCODER_BRIDGE_STEP_OFFSETS_H_
#define ENCODER_BRIDGE_STEP_OFFSETS_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

struct StepOffsetOptions {
  // ln(base step / key frame's step) of a long scene where nothing moves, how
  // much less it is where everything moves, and for each halving (in ln) of
  // the frames that depend on it.
  double key = 2.1;
  double key_motion = 1.5;
  double key_length = 0.5;
  // By how much (in ln) a key frame's step changes when the base changes by 1:
  // the coarser the base, the more a fine key frame is worth.  The offset is
  // that at kKeyReferenceLogBase.
  double key_follow = 0.6;
  // The same of an ARF, by the first-pass errors of its group.
  double alt_ref = 0.92;
  double alt_ref_log_intra = 0.163;
  double alt_ref_log_coded = 0.253;
  // Fraction of its offset that an ARF loses if the picture does not stay
  // beyond it: only its own group is predicted from it then.
  double alt_ref_end = 0.5;
  // Golden frames: fraction of the ARFs' offset.
  double golden = 0.6;
  // How the step follows complexity: exponent of (cost of the frames around /
  // cost of the clip's average frame).
  double complexity = 0.45;
  // By how much (in ln) leaves and ARFs are finer where the picture stays for
  // long than at its end: frames inherit the quality of those before them.
  double horizon = 0.2;
};

// By how much finer, or coarser, than the base a frame is quantized.
//
// Frames that many others are predicted from pay for a finer step, the more so
// the less the picture moves and the longer the scene lasts.  Dear stretches of
// a clip take a coarser step than cheap ones: mean PSNR counts decibels, and
// those come cheaper where little is to be coded.  Towards the end of a picture
// (a cut, a fade, a dissolve, the clip's end) steps get coarser, for few frames
// are left that would inherit quality.
//
// Offsets are differences of LogQuantizerStep().
class StepOffsets {
 public:
  // About q_index 180.
  static constexpr double kKeyReferenceLogBase = 6.1;

  // The spans are needed during the call only.  `stats` and `leaf_log_bits`
  // have one entry per shown frame, the latter ln of its predicted bits as a
  // leaf; `scene_cuts` are show indices, rising.
  StepOffsets(absl::Span<const FirstPassFrameStats> stats,
              absl::Span<const double> leaf_log_bits,
              absl::Span<const int> scene_cuts,
              const StepOffsetOptions& options);

  // Frame `show_index`, coded as `type`.  In [-2.5, 2.5].
  double Of(FrameType type, int show_index) const;

  // PlannedFrame::follow and the offset to go with it, for key frames.
  double key_follow() const { return key_follow_; }
  double KeyOffset(int show_index) const;

  // The ARF shown at `show_index` for a group of `length` shown frames: short
  // groups are not worth a fine one.
  double OfAltRef(int show_index, int length) const;

 private:
  std::vector<double> leaf_;     // [num_frames]
  std::vector<double> key_;      // [num_frames]
  std::vector<double> alt_ref_;  // [num_frames]
  double golden_ = 0;
  double key_follow_ = 1;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_STEP_OFFSETS_H_
