#ifndef SELFPLAY_BITRATE_GUARD_H_
#define SELFPLAY_BITRATE_GUARD_H_

#include "absl/status/status.h"
#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// Differences of steps are in ln(quantizer step), as everywhere.
struct GuardOptions {
  // How far from the feedback controller's choice a frame may be coded: twice
  // as fine or as coarse, where searches for good q_index sequences hardly ever
  // went farther; key frames, ARFs and golden frames, which can pay for it over
  // many frames, three and a half times as fine.
  double width = 0.75;
  double finer_reference_width = 1.25;
  // How much coarser than the clip as a whole would have needed the rest may
  // have to be coded: what a policy may borrow from it.  It is in proportion to
  // the bits left, so it is nothing at the end.  0.5 is a third of those bits:
  // more than any good sequence moved within a clip.
  double max_borrowing = 0.5;
  // How much finer the rest may have to be coded to use the bits up: what a
  // policy may save for it.  Less, because a rest that is easily predicted
  // takes no more bits however fine its steps.
  double max_saving = 0.25;
  // By how much the rest may cost more, or less, than predicted: the error of
  // a clip's forecast once a few frames are known.
  double rest_risk = 0.1;
  // By how much the rest at q_index 255 may cost more than predicted at the
  // start of the clip; half of that once 32 frames are coded, and so on.  Near
  // that floor there is no coarser step to make up for an error.  A clip's
  // leaves are mispredicted by 0.39 in ln (rate_model.cc): this is 1.8 times
  // that, and with 1.5 a policy that wants the finest landed 3.5 % above a
  // target just above the floor.  Much more would forbid the fine key frames
  // that short clips gain most by.
  double floor_risk = 1;
  // A frame that costs `frame_risk` times its prediction must leave the target
  // in reach, `frame_risk` + `late_frame_risk` times at the end of the clip,
  // where nothing is left to make up for it.  As FeedbackOptions::risk.
  double frame_risk = 1.4;
  double late_frame_risk = 1.6;
  // A leaf finer than what it is predicted from costs a multiple of its
  // prediction; FeedbackOptions::max_leaf_fall has 0.15.
  double max_leaf_fall = 0.3;
  // The end may miss the goal by this fraction: what feedback itself does.
  double tolerance = 0.01;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// The steps that a frame may be coded with.
struct StepCorridor {
  double finest = 0;
  double coarsest = 0;

  // The q_index nearest to `q_index` whose step is in the corridor.
  int Nearest(int q_index) const;
};

// Keeps the promise on the bitrate for a policy that does not: allows each
// frame only steps that leave the target in reach, from above and from below.
//
// The corridor is around the choice of a FeedbackController that sees the same
// frames, and always holds that choice, so following feedback is always
// allowed.  It is wide as long as there is a rest to make up for the frame: the
// rest is allowed a base step that differs, by max_borrowing or max_saving,
// from the one at which the whole clip would have met the target.
//
// Call Corridor() before each frame and OnFrameEncoded() after, in coding
// order.  Deterministic; O(1) per frame.  Not thread-safe.
class BitrateGuard {
 public:
  // REQUIRES: `options` are valid.
  explicit BitrateGuard(const GuardOptions& options);

  // `outlook` must be on the frame, of `type`, about to be coded.
  StepCorridor Corridor(encoder_bridge::FrameType type,
                        const encoder_bridge::FeedbackOutlook& outlook) const;

  // `outlook` is the one from before the frame was coded.
  void OnFrameEncoded(const encoder_bridge::FeedbackOutlook& outlook,
                      const encoder_bridge::FrameResult& result);

 private:
  // The base step at which the whole clip, with the frames coded so far taken
  // at what they turned out to cost, would take the goal's bits.
  double NeutralLogBase(const encoder_bridge::FeedbackOutlook& outlook) const;

  const GuardOptions options_;
  encoder_bridge::BitPlan past_;  // Frames coded, at their real cost.
  int frames_coded_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_BITRATE_GUARD_H_
