#include "encoder_bridge/hook_session.h"

#include <vpx/vpx_ext_ratectrl.h>

#include <cstddef>
#include <exception>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

FirstPassFrameStats ToFirstPassFrameStats(const vpx_rc_frame_stats_t& stats) {
  return {.frame = stats.frame,
          .weight = stats.weight,
          .intra_error = stats.intra_error,
          .coded_error = stats.coded_error,
          .sr_coded_error = stats.sr_coded_error,
          .frame_noise_energy = stats.frame_noise_energy,
          .pcnt_inter = stats.pcnt_inter,
          .pcnt_motion = stats.pcnt_motion,
          .pcnt_second_ref = stats.pcnt_second_ref,
          .pcnt_neutral = stats.pcnt_neutral,
          .pcnt_intra_low = stats.pcnt_intra_low,
          .pcnt_intra_high = stats.pcnt_intra_high,
          .intra_skip_pct = stats.intra_skip_pct,
          .intra_smooth_pct = stats.intra_smooth_pct,
          .inactive_zone_rows = stats.inactive_zone_rows,
          .inactive_zone_cols = stats.inactive_zone_cols,
          .mv_row = stats.MVr,
          .mv_row_abs = stats.mvr_abs,
          .mv_col = stats.MVc,
          .mv_col_abs = stats.mvc_abs,
          .mv_row_variance = stats.MVrv,
          .mv_col_variance = stats.MVcv,
          .mv_in_out_count = stats.mv_in_out_count,
          .duration = stats.duration,
          .count = stats.count};
}

// libvpx neither clamps nor checks what it is given: 256 or -5 would read past
// its tables, and 0 would switch to lossless coding.
absl::StatusOr<int> ChooseValidQIndex(RateController& controller,
                                      const FrameInfo& frame) {
  absl::StatusOr<int> q_index = controller.ChooseQIndex(frame);
  if (!q_index.ok()) return q_index.status();
  if (*q_index < kMinQIndex || *q_index > kMaxQIndex) {
    return absl::OutOfRangeError(absl::StrCat(
        "q_index ", *q_index, " chosen for coded frame ", frame.coding_index,
        " is not in [", kMinQIndex, ", ", kMaxQIndex, "]"));
  }
  return q_index;
}

}  // namespace

size_t HookSession::NumFirstPassStatistics() {
  static_assert(sizeof(vpx_rc_frame_stats_t) >= sizeof(FirstPassFrameStats));
  return sizeof(vpx_rc_frame_stats_t) / sizeof(double);
}

absl::Status HookSession::TakeFirstPassStats(
    const vpx_rc_firstpass_stats& stats) {
  // Copied: the array belongs to the encoder.
  stats_.clear();
  for (int i = 0; i < stats.num_frames; ++i) {
    stats_.push_back(ToFirstPassFrameStats(stats.frame_stats[i]));
  }
  return controller_.OnFirstPassStats(stats_);
}

FrameInfo HookSession::ToFrameInfo(const vpx_rc_encodeframe_info& info) {
  FrameInfo frame = {.type = static_cast<FrameType>(info.frame_type),
                     .show_index = info.show_index,
                     .coding_index = info.coding_index,
                     .gop_index = info.gop_index,
                     .reference_coding_indices = {}};
  for (size_t i = 0; i < frame.reference_coding_indices.size(); ++i) {
    if (info.ref_frame_valid_list[i] != 0) {
      frame.reference_coding_indices[i] = info.ref_frame_coding_indexes[i];
    }
  }
  return frame;
}

absl::StatusOr<int> HookSession::Decide(const FrameInfo& frame) {
  if (pending_) {
    return absl::InternalError(absl::StrCat(
        "libvpx asked about coded frame ", frame.coding_index,
        " before it told the result of frame ", pending_->coding_index));
  }
  const absl::StatusOr<int> q_index = ChooseValidQIndex(controller_, frame);
  if (q_index.ok()) pending_ = frame;
  return q_index;
}

absl::Status HookSession::TakeResult(FrameResult result) {
  if (!pending_) {
    if (unasked_results_ == UnaskedResults::kIgnored) return absl::OkStatus();
    return absl::InternalError(
        "libvpx told the result of a frame that it had not asked about "
        "(auto-alt-ref above 1 does this)");
  }
  const FrameInfo info = *pending_;
  pending_.reset();
  result.coding_index = info.coding_index;
  frames_.push_back({.info = info, .result = result});
  return controller_.OnFrameEncoded(frames_.back().result);
}

bool HookSession::Guard(absl::FunctionRef<absl::Status()> step) noexcept {
  if (!status_.ok()) return false;
  try {
    status_ = step();
  } catch (const std::exception& e) {
    status_ = absl::InternalError(
        absl::StrCat("the rate controller threw: ", e.what()));
  } catch (...) {
    status_ = absl::InternalError("the rate controller threw");
  }
  return status_.ok();
}

}  // namespace encoder_bridge
