#ifndef SELFPLAY_ENCODE_TRACKER_H_
#define SELFPLAY_ENCODE_TRACKER_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "muzero/model.h"
#include "selfplay/frame_complexity.h"
#include "selfplay/frame_history.h"
#include "selfplay/stretch_plan.h"

namespace selfplay {

// What an observation depends on besides the encode itself.
struct TrackerOptions {
  encoder_bridge::FeedbackOptions feedback;
  // Shown frames of a stretch; see StretchPlan.
  int stretch_frames = 150;

  // InvalidArgument unless every field makes sense.
  absl::Status Validate() const;
};

// How an encode went, by what the hook tells.
struct EncodeOutcome {
  // Bits, superframe indices with them, over the target.
  double bits_fraction = 0;
  // Mean over shown frames of the PSNR of Y, U and V together, in dB.
  double mean_psnr_db = 0;
};

// All that is known of an encode as it goes on, whoever chooses: makes the
// observation of each frame to be coded.  Given the same frames and results it
// makes the same observations, bit for bit; EncodeEpisode relies on it.
//
// A FeedbackController goes along: its choice is part of the observation.
//
// Call OnFirstPassStats() once, then Announce() before and OnFrameEncoded()
// after every coded frame.  Memory is what the first-pass statistics take, and
// a stretch's worth; time per frame depends on the length of a stretch only.
// Not thread-safe.
class EncodeTracker {
 public:
  // REQUIRES: `options` are valid; positive width, height, frame_rate and
  // target_bitrate_kbps.
  EncodeTracker(const encoder_bridge::SequenceInfo& sequence,
                const TrackerOptions& options);
  EncodeTracker(const EncodeTracker&) = delete;
  EncodeTracker& operator=(const EncodeTracker&) = delete;

  // `stats` has one entry per shown frame and must outlive this object.
  // FailedPrecondition if it is empty.
  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats);

  // Out of order: FailedPrecondition.
  absl::Status Announce(const encoder_bridge::FrameInfo& frame);
  absl::Status OnFrameEncoded(const encoder_bridge::FrameResult& result);

  // Between Announce() and OnFrameEncoded() only: what to choose by, and what
  // the feedback controller would choose.
  muzero::Observation Observe() const;
  int feedback_q_index() const { return feedback_q_index_; }
  encoder_bridge::FeedbackOutlook outlook() const {
    return feedback_.outlook();
  }

  // Of the frames coded so far.
  EncodeOutcome outcome() const;

 private:
  const encoder_bridge::SequenceInfo sequence_;
  const TrackerOptions options_;
  encoder_bridge::FeedbackController feedback_;
  absl::Span<const encoder_bridge::FirstPassFrameStats> stats_;
  std::vector<bool> is_key_;  // [num_frames] forecast.
  std::optional<encoder_bridge::RateModel> model_;
  std::optional<FrameComplexity> complexity_;
  std::optional<StretchPlan> stretches_;
  FrameHistory history_;

  std::optional<encoder_bridge::FrameInfo> pending_;
  int feedback_q_index_ = 0;  // For the pending frame.
  int frames_shown_ = 0;
  double psnr_sum_ = 0;  // Of the frames shown.
  int stretch_frames_shown_ = 0;
  double stretch_psnr_sum_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_ENCODE_TRACKER_H_
