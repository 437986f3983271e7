#include "encoder_bridge/hook_session.h"

#include <vpx/vpx_ext_ratectrl.h>

#include <cstddef>
#include <exception>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/rate_controller.h"

static_assert(VPX_EXT_RATECTRL_ABI_VERSION == 1,
              "hook_session.cc is written for hook ABI 1");

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

FrameInfo ToFrameInfo(const vpx_rc_encodeframe_info_t& info) {
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

HookSession& SessionOf(vpx_rc_model_t model) {
  return *static_cast<HookSession*>(model);
}

}  // namespace

absl::Status HookSession::TakeFirstPassStats(
    const vpx_rc_firstpass_stats& stats) {
  // Copied: the array belongs to the encoder.
  stats_.clear();
  for (int i = 0; i < stats.num_frames; ++i) {
    stats_.push_back(ToFirstPassFrameStats(stats.frame_stats[i]));
  }
  return controller_.OnFirstPassStats(stats_);
}

absl::Status HookSession::Decide(const vpx_rc_encodeframe_info& info,
                                 vpx_rc_encodeframe_decision& decision) {
  if (pending_) {
    return absl::InternalError(absl::StrCat(
        "libvpx asked about coded frame ", info.coding_index,
        " before it told the result of frame ", pending_->coding_index));
  }
  const FrameInfo frame = ToFrameInfo(info);
  const absl::StatusOr<int> q_index = ChooseValidQIndex(controller_, frame);
  if (!q_index.ok()) return q_index.status();
  // The struct arrives uninitialised.  A positive max_frame_size makes libvpx
  // recode in ways that break at cpu-used 3 and above; 0 means no limit.
  decision = {.q_index = *q_index, .max_frame_size = 0};
  pending_ = frame;
  return absl::OkStatus();
}

absl::Status HookSession::TakeResult(const vpx_rc_encodeframe_result& result) {
  if (!pending_) {
    if (unasked_results_ == UnaskedResults::kIgnored) return absl::OkStatus();
    return absl::InternalError(
        "libvpx told the result of a frame that it had not asked about "
        "(auto-alt-ref above 1 does this)");
  }
  const FrameInfo info = *pending_;
  pending_.reset();
  frames_.push_back({.info = info,
                     .result = {.coding_index = info.coding_index,
                                .q_index = result.actual_encoding_qindex,
                                .bits = result.bit_count,
                                .sse = result.sse,
                                .pixel_count = result.pixel_count}});
  return controller_.OnFrameEncoded(frames_.back().result);
}

template <typename Step>
bool HookSession::Guard(Step step) noexcept {
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

void HookSession::FillFunctions(vpx_rc_funcs& functions) {
  functions.send_firstpass_stats =
      [](vpx_rc_model_t model, const vpx_rc_firstpass_stats_t* stats) noexcept {
        HookSession& session = SessionOf(model);
        return session.Guard([&] { return session.TakeFirstPassStats(*stats); })
                   ? VPX_RC_OK
                   : VPX_RC_ERROR;
      };
  functions.get_encodeframe_decision =
      [](vpx_rc_model_t model, const vpx_rc_encodeframe_info_t* info,
         vpx_rc_encodeframe_decision_t* decision) noexcept {
        HookSession& session = SessionOf(model);
        return session.Guard([&] { return session.Decide(*info, *decision); })
                   ? VPX_RC_OK
                   : VPX_RC_ERROR;
      };
  functions.update_encodeframe_result =
      [](vpx_rc_model_t model,
         const vpx_rc_encodeframe_result_t* result) noexcept {
        HookSession& session = SessionOf(model);
        return session.Guard([&] { return session.TakeResult(*result); })
                   ? VPX_RC_OK
                   : VPX_RC_ERROR;
      };
}

}  // namespace encoder_bridge
