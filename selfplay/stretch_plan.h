#ifndef SELFPLAY_STRETCH_PLAN_H_
#define SELFPLAY_STRETCH_PLAN_H_

#include "encoder_bridge/rate_controller.h"
#include "selfplay/frame_complexity.h"

namespace selfplay {

// Cuts a long video into stretches of about the length that a policy was
// trained on.  To the policy each is a video of its own, with bits of its own.
//
// A stretch ends before the first key frame or start of a golden-frame group
// that comes after `nominal_frames` shown frames; the last takes what is left
// if that is less than one and a half times as many.  A stretch gets its share,
// by complexity, of the bits that are left when it starts: what one saves or
// overspends, all the later ones share.
//
// Call Announce() for every frame before it is coded, in coding order.  O(1).
class StretchPlan {
 public:
  // `complexity` must outlive this object.  REQUIRES: at least one frame;
  // `nominal_frames` >= 1.
  StretchPlan(const FrameComplexity& complexity, int nominal_frames);

  // `bits_left`: of the whole video.  Returns whether a stretch starts here.
  bool Announce(const encoder_bridge::FrameInfo& frame, double bits_left);

  // Show indices: begin() <= the frame announced last < end().  A stretch that
  // turns out longer than thought grows.
  int begin() const { return begin_; }
  int end() const { return end_; }

  // Bits that the stretch may take in all.  Positive.
  double budget_bits() const;

  // Bits that it may still take; negative if it took too many.  `bits_left`:
  // of the whole video.
  double BitsLeft(double bits_left) const;

 private:
  void Start(int show_index, double bits_left);

  const FrameComplexity& complexity_;
  const int nominal_frames_;
  int begin_ = 0;
  int end_ = 0;                 // 0: no stretch yet.
  double video_bits_left_ = 0;  // When the stretch started.
};

}  // namespace selfplay

#endif  // SELFPLAY_STRETCH_PLAN_H_
