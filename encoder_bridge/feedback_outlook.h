#ifndef ENCODER_BRIDGE_FEEDBACK_OUTLOOK_H_
#define ENCODER_BRIDGE_FEEDBACK_OUTLOOK_H_

#include <cstddef>

#include "encoder_bridge/bit_plan.h"

namespace encoder_bridge {

// What a FeedbackController reckons with when it has chosen for a frame that is
// not coded yet: what another choice for the frame can be judged by.  Steps are
// those of LogQuantizerStep(), bits those of the hook plus superframe indices.
struct FeedbackOutlook {
  double target_bits = 0;  // Of the whole clip.
  double goal_bits = 0;    // The same with the margin taken off: the aim.
  double spent_bits = 0;
  double frames_left = 1;         // Fraction of the clip still to be shown.
  double log_base = 0;            // Base step of all that is still to come.
  double proposed_log_step = 0;   // Of the q_index it chose for the frame.
  double reference_log_step = 0;  // The finest step a leaf is predicted from.
  PlannedFrame frame;             // The frame's predicted cost.
  CostFactors factors = {};       // By how much predictions were off so far.
  // All that is still to be coded, the frame with it.  Never null; belongs to
  // the controller, and changes with its next call.
  const BitPlan* remaining = nullptr;

  // What the frame costs at `log_step`, as predicted and corrected.  An
  // overlay counts as if it were a leaf.
  double FrameBits(double log_step) const {
    return factors[static_cast<size_t>(frame.kind)] * frame.cost.Bits(log_step);
  }
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FEEDBACK_OUTLOOK_H_
