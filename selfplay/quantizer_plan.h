#ifndef SELFPLAY_QUANTIZER_PLAN_H_
#define SELFPLAY_QUANTIZER_PLAN_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// What every frame of a clip is to be quantized with, whatever libvpx makes of
// it: it decides on key frames, ARFs and groups as it goes.  Steps are those
// of LogQuantizerStep().
struct QuantizerPlan {
  // How much a key frame's step follows the base; other frames follow it whole.
  double key_follow = 1;
  double log_base = 0;
  // [num_frames] by show index; what a frame of the kind adds to the base.
  std::vector<double> key;
  std::vector<double> alt_ref;
  std::vector<double> leaf;

  // REQUIRES: 0 <= show_index < num_frames.
  double LogStep(encoder_bridge::FrameType type, int show_index) const;

  // The q_index nearest to LogStep().
  int QIndex(encoder_bridge::FrameType type, int show_index) const;

  // A copy with `log_base` raised by `by`.
  QuantizerPlan Shifted(double by) const;
};

// The plan of FeedbackController's rules (StepOffsets) at a base of 0.
// `stats` has one entry per shown frame, one at least.
QuantizerPlan RulePlan(
    int width, int height,
    absl::Span<const encoder_bridge::FirstPassFrameStats> stats);

// Adds `by` to `offsets` from show index `first` up to, without, `end`; what
// lies outside of the clip is passed over.
void AddToRange(std::vector<double>& offsets, int first, int end, double by);

}  // namespace selfplay

#endif  // SELFPLAY_QUANTIZER_PLAN_H_
