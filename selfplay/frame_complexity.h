#ifndef SELFPLAY_FRAME_COMPLEXITY_H_
#define SELFPLAY_FRAME_COMPLEXITY_H_

#include <vector>

#include "encoder_bridge/rate_model.h"

namespace selfplay {

// How many bits shown frames would take if the whole clip were coded at one
// usual quality: what a clip's target bits are shared out by.
//
// It is RateModel's forecast at fixed steps: every frame as a leaf, the cost
// of ARFs spread over the frames, key frames where scene cuts are expected.
// Only ratios of it mean something.
class FrameComplexity {
 public:
  // `model` is read during the call only; `is_key` has one entry for each of
  // its frames.  O(frames).
  FrameComplexity(const encoder_bridge::RateModel& model,
                  const std::vector<bool>& is_key);

  // Of frames `begin` to `end` - 1.  Positive if there is any frame.
  // REQUIRES: 0 <= begin <= end <= num_frames.
  double Bits(int begin, int end) const;

  int num_frames() const { return static_cast<int>(sums_.size()) - 1; }

 private:
  std::vector<double> sums_;  // [num_frames + 1] of the frames before.
};

}  // namespace selfplay

#endif  // SELFPLAY_FRAME_COMPLEXITY_H_
