#include "encoder_bridge/effort_controller.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "encoder_bridge/psnr.h"

namespace encoder_bridge {
namespace {

// Beyond this, in ln(quantizer step), what is kept does not grow.
constexpr double kMaxKeptChange = 1;

bool OpensGroup(FrameType type) {
  return type == FrameType::kKey || type == FrameType::kAltRef ||
         type == FrameType::kGolden;
}

}  // namespace

absl::Status EffortController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  num_frames_ = static_cast<int>(stats.size());
  return controller_.OnFirstPassStats(stats);
}

absl::Status EffortController::Begin(const FrameInfo& frame) {
  // Another scene, most likely.
  if (frame.type == FrameType::kKey) kept_alt_ref_ = 0;
  const std::vector<StepChange>& changes = frame.type == FrameType::kKey
                                               ? options_.plan.key_changes
                                               : options_.plan.changes;
  absl::Status status = options_.on_fork(static_cast<int>(changes.size()));
  if (!status.ok()) return status;
  const double target_bits =
      options_.target_kbps * 1000 * num_frames_ / options_.frame_rate;
  const double db_per_bit = options_.plan.slope_db * num_frames_ / target_bits;
  absl::StatusOr<ForkedBranch> branch = ForkedBranch::Fork(
      {.count = static_cast<int>(changes.size()),
       .at_once = options_.at_once,
       .keeper = options_.keeper,
       .choose = [&](absl::Span<const StretchResult> results) {
         return BestStretch(db_per_bit, results);
       }});
  if (!branch.ok()) return branch.status();
  branch_ = *std::move(branch);
  stretch_ = {};
  tried_ = changes[branch_->number()];
  if (frame.type != FrameType::kKey) tried_.alt_ref *= direction_;
  if (tried_.alt_ref != 0) {
    next_direction_ = tried_.alt_ref < 0 ? 1 : -1;
  } else if (frame.type != FrameType::kKey) {
    next_direction_ = -direction_;
  }
  StepChange change = tried_;
  change.alt_ref += kept_alt_ref_;
  controller_.set_change(change);
  return absl::OkStatus();
}

absl::Status EffortController::End() {
  branch_->AwaitChoice(stretch_);
  branch_.reset();
  kept_alt_ref_ = std::clamp(kept_alt_ref_ + tried_.alt_ref, -kMaxKeptChange,
                             kMaxKeptChange);
  direction_ = next_direction_;
  controller_.set_change({.alt_ref = kept_alt_ref_});
  return options_.on_choice();
}

absl::StatusOr<int> EffortController::ChooseQIndex(const FrameInfo& frame) {
  if (OpensGroup(frame.type)) {
    absl::Status status;
    if (branch_ && stretch_.shown_frames >= options_.plan.window_frames) {
      status = End();
    }
    if (!branch_) {
      status.Update(Begin(frame));
    } else if (stretch_.shown_frames >= options_.plan.changed_frames) {
      controller_.set_change({.alt_ref = kept_alt_ref_});
    }
    if (!status.ok()) return status;
  }
  type_ = frame.type;
  return controller_.ChooseQIndex(frame);
}

absl::Status EffortController::OnFrameEncoded(const FrameResult& result) {
  absl::Status status = controller_.OnFrameEncoded(result);
  if (!status.ok()) return status;
  bits_ += static_cast<double>(result.bits);
  stretch_.bits += static_cast<double>(result.bits);
  if (type_ == FrameType::kAltRef) return absl::OkStatus();
  ++shown_frames_;
  ++stretch_.shown_frames;
  // TenBitController stands between 10 bits and this one.
  stretch_.psnr_sum_db +=
      PsnrDb(static_cast<double>(result.sse),
             static_cast<double>(result.pixel_count), /*bit_depth=*/8);
  status = options_.on_frame();
  if (!status.ok() || shown_frames_ < num_frames_ || !branch_) return status;
  stretch_.is_end = true;
  stretch_.exceeds_target =
      bits_ * options_.frame_rate > options_.target_kbps * 1000 * num_frames_;
  return End();
}

}  // namespace encoder_bridge
