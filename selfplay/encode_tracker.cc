#include "selfplay/encode_tracker.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/scene_cuts.h"
#include "muzero/model.h"
#include "selfplay/observation.h"

namespace selfplay {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;

absl::Status TrackerOptions::Validate() const {
  if (stretch_frames < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a stretch of ", stretch_frames, " frames; it needs at least 1"));
  }
  if (feedback.kf_max_dist < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("kf_max_dist ", feedback.kf_max_dist, " is below 1"));
  }
  return absl::OkStatus();
}

EncodeTracker::EncodeTracker(const SequenceInfo& sequence,
                             const TrackerOptions& options)
    : sequence_(sequence),
      options_(options),
      feedback_(sequence, options.feedback),
      history_(static_cast<double>(sequence.width) * sequence.height) {}

absl::Status EncodeTracker::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  const absl::Status status = feedback_.OnFirstPassStats(stats);
  if (!status.ok()) return status;
  stats_ = stats;
  is_key_.assign(stats.size(), false);
  is_key_[0] = true;
  for (const int cut : encoder_bridge::FindSceneCuts(stats)) {
    is_key_[static_cast<size_t>(cut)] = true;
  }
  model_.emplace(sequence_.width, sequence_.height, stats);
  complexity_.emplace(*model_, is_key_);
  stretches_.emplace(*complexity_, options_.stretch_frames);
  return absl::OkStatus();
}

absl::Status EncodeTracker::Announce(const FrameInfo& frame) {
  const int first = stretches_ ? stretches_->begin() : 0;
  const int num_frames = static_cast<int>(stats_.size());
  if (num_frames > 0 && (frame.coding_index < 0 || frame.show_index < first ||
                         frame.show_index >= num_frames)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "coded frame ", frame.coding_index, " is to be shown as frame ",
        frame.show_index, ", which is not in [", first, ", ", num_frames, ")"));
  }
  const absl::StatusOr<int> q_index = feedback_.ChooseQIndex(frame);
  if (!q_index.ok()) return q_index.status();
  feedback_q_index_ = *q_index;
  pending_ = frame;
  if (stretches_->Announce(frame,
                           feedback_.target_bits() - feedback_.spent_bits())) {
    history_.DropBefore(stretches_->begin());
    stretch_frames_shown_ = 0;
    stretch_psnr_sum_ = 0;
  }
  return absl::OkStatus();
}

muzero::Observation EncodeTracker::Observe() const {
  const encoder_bridge::FeedbackOutlook outlook = feedback_.outlook();
  const double bits_left = outlook.target_bits - outlook.spent_bits;
  return MakeObservation(
      {.sequence = sequence_,
       .stats = stats_,
       .is_key = is_key_,
       .model = *model_,
       .history = history_,
       .stretch = {.begin = stretches_->begin(),
                   .end = stretches_->end(),
                   .frames_shown = stretch_frames_shown_,
                   .psnr_sum = stretch_psnr_sum_,
                   .budget_bits = stretches_->budget_bits(),
                   .bits_left = stretches_->BitsLeft(bits_left),
                   .complexity_left = complexity_->Bits(
                       std::min(stretches_->begin() + stretch_frames_shown_,
                                stretches_->end()),
                       stretches_->end())},
       .frame = *pending_,
       .outlook = outlook});
}

absl::Status EncodeTracker::OnFrameEncoded(const FrameResult& result) {
  const absl::Status status = feedback_.OnFrameEncoded(result);
  if (!status.ok()) return status;
  history_.Add(*pending_, result);
  if (pending_->type != FrameType::kAltRef) {
    const double psnr_db = PsnrDb(result);
    ++frames_shown_;
    ++stretch_frames_shown_;
    psnr_sum_ += psnr_db;
    stretch_psnr_sum_ += psnr_db;
  }
  pending_.reset();
  return absl::OkStatus();
}

EncodeOutcome EncodeTracker::outcome() const {
  return {
      .bits_fraction = feedback_.target_bits() > 0
                           ? feedback_.spent_bits() / feedback_.target_bits()
                           : 0,
      .mean_psnr_db = frames_shown_ > 0 ? psnr_sum_ / frames_shown_ : 0};
}

}  // namespace selfplay
