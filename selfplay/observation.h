#ifndef SELFPLAY_OBSERVATION_H_
#define SELFPLAY_OBSERVATION_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "muzero/model.h"
#include "selfplay/frame_history.h"

namespace selfplay {

// No observation has more tokens.
inline constexpr int kMaxTokens = 53;

// Where in its stretch (StretchPlan) the encode is.  A stretch is all that an
// observation is about.
struct StretchState {
  int begin = 0;  // Show indices of its frames: `begin` to `end` - 1.
  int end = 1;
  int frames_shown = 0;
  double psnr_sum = 0;  // Of those, in dB.
  double budget_bits = 1;
  double bits_left = 1;        // Negative: overspent.
  double complexity_left = 0;  // FrameComplexity of the frames not shown yet.
};

// What an observation is made from; everything is borrowed for the call.
struct ObservationSource {
  const encoder_bridge::SequenceInfo& sequence;
  absl::Span<const encoder_bridge::FirstPassFrameStats> stats;
  const std::vector<bool>& is_key;  // [num_frames] forecast.
  const encoder_bridge::RateModel& model;
  const FrameHistory& history;
  StretchState stretch;
  const encoder_bridge::FrameInfo& frame;  // About to be coded.
  const encoder_bridge::FeedbackOutlook& outlook;
};

// What the planner sees before `frame` is coded; features.h lists the numbers.
//
// Frames near it are a token each, farther ones share a token, the more so the
// farther they are: 1 for each of the 8 frames before and 16 after, then
// blocks of 2, 2, 4, 4, 8, 8, ... frames, and the 14th takes all the rest.
// Every number is finite and in its feature's range, whatever the statistics.
// REQUIRES: 0 <= begin <= frame.show_index < end <= stats.size().
muzero::Observation MakeObservation(const ObservationSource& source);

}  // namespace selfplay

#endif  // SELFPLAY_OBSERVATION_H_
