#ifndef SELFPLAY_ENCODE_EPISODE_H_
#define SELFPLAY_ENCODE_EPISODE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/episode.h"
#include "muzero/model.h"
#include "selfplay/encode_tracker.h"

namespace selfplay {

// One coded frame: what was asked, what was searched, what came of it.
struct EncodeStep {
  encoder_bridge::FrameInfo frame;
  // With the q_index it was really coded with: that is the action.
  encoder_bridge::FrameResult result;
  // [kNumActions] the search's policy; empty if nobody searched.
  std::vector<float> search_policy;
  // Whether the policy is to learn to do what was done here: a teacher's step.
  bool is_example = false;
  float root_value = 0;
};

// One second pass, with all that recreates what the planner saw but the
// first-pass statistics: those belong to the clip, and many episodes share
// them.  Any controller's encode can be told as one.
struct EncodeEpisode {
  encoder_bridge::SequenceInfo sequence;
  TrackerOptions tracker;
  std::vector<EncodeStep> steps;  // In coding order.
  EncodeOutcome outcome;
};

// The observation before each step, bit for bit as it was.  `stats` are the
// clip's.  Some 7 kB a step.
//
// FailedPrecondition if the steps are no possible encode of such a clip.
absl::StatusOr<std::vector<muzero::Observation>> RebuildObservations(
    const EncodeEpisode& episode,
    absl::Span<const encoder_bridge::FirstPassFrameStats> stats);

// The same of one step; takes about as long as all up to it.
// InvalidArgument if there is no such step.
absl::StatusOr<muzero::Observation> RebuildObservation(
    const EncodeEpisode& episode,
    absl::Span<const encoder_bridge::FirstPassFrameStats> stats, int step);

// What to learn from the episode; `reward` is that of its last step.  Steps
// that are examples have ExamplePolicy() for a policy.  Auxiliary targets are
// in the order of auxiliary.h.
// REQUIRES: `observations` are RebuildObservations() of `episode`.
muzero::Episode MakeEpisode(const EncodeEpisode& episode,
                            absl::Span<const muzero::Observation> observations,
                            float reward);

}  // namespace selfplay

#endif  // SELFPLAY_ENCODE_EPISODE_H_
