#ifndef SELFPLAY_OFFSET_PLAN_H_
#define SELFPLAY_OFFSET_PLAN_H_

#include <vector>

#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// By how much every frame of a clip is to be coded coarser than feedback
// proposes, in ln(quantizer step), whatever libvpx makes of it: it decides on
// key frames, ARFs and groups as it goes.
struct OffsetPlan {
  // [num_frames] by show index.
  std::vector<double> key;
  std::vector<double> alt_ref;
  std::vector<double> leaf;

  // A plan that follows feedback.
  static OffsetPlan None(int num_frames);

  // REQUIRES: 0 <= show_index < num_frames.
  double Of(encoder_bridge::FrameType type, int show_index) const;
};

// Adds `by` to `offsets` from show index `first` up to, without, `end`; what
// lies outside of the clip is passed over.
void AddToRange(std::vector<double>& offsets, int first, int end, double by);

}  // namespace selfplay

#endif  // SELFPLAY_OFFSET_PLAN_H_
