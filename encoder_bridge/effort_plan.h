#ifndef ENCODER_BRIDGE_EFFORT_PLAN_H_
#define ENCODER_BRIDGE_EFFORT_PLAN_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/step_change.h"

namespace encoder_bridge {

// What is tried in an encode that plans with the encoder itself.
struct EffortPlan {
  // Ways to code a stretch that a key frame opens, and one that another group
  // opens.  The first of each is no change.
  std::vector<StepChange> key_changes;
  std::vector<StepChange> changes;
  // Shown frames: a change lasts up to the first group that begins after so
  // many, and is judged, and followed or not, at the first one after so many.
  int changed_frames = 0;
  int window_frames = 0;
  // What a bit is worth: mean PSNR gained, in dB, for each ln by which a clip's
  // bits grow.
  double slope_db = 0;
};

// How much effort there can be: about how many times the work of a plain second
// pass.
inline constexpr int kMaxEffort = 8;

// REQUIRES: 1 <= effort <= kMaxEffort.  At 1 there is nothing to try.
EffortPlan EffortPlanFor(int effort);

// What coding a stretch came to.
struct StretchResult {
  double bits = 0;         // Of all coded frames.
  double psnr_sum_db = 0;  // Over the shown frames.
  int shown_frames = 0;
  bool is_end = false;          // Of the clip.
  bool exceeds_target = false;  // The clip does, at its end.
};

// Returns the index of the best of `results`, which are of the same stretch:
// that of most
//
//   psnr_sum_db - db_per_bit * bits
//
// with an average frame of the first as the measure, because a stretch may be
// a few frames longer in one than in another.  At the clip's end those that
// keep to the target come first, and a bit left over is worth nothing; if none
// does, the smallest is the best.  The first of equals.
//
// REQUIRES: at least one result, all of at least one shown frame.
size_t BestStretch(double db_per_bit, absl::Span<const StretchResult> results);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EFFORT_PLAN_H_
