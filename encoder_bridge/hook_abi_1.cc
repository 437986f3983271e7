// The hook of libvpx 1.10 to 1.12: asks about a frame with all that is known of
// it, and tells the result with its distortion.

#include <vpx/vpx_ext_ratectrl.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/hook_session.h"

static_assert(VPX_EXT_RATECTRL_ABI_VERSION == 1,
              "hook_abi_1.cc is written for hook ABI 1");

namespace encoder_bridge {
namespace {

HookSession& SessionOf(vpx_rc_model_t model) {
  return *static_cast<HookSession*>(model);
}

vpx_rc_status_t ToVpx(bool is_ok) { return is_ok ? VPX_RC_OK : VPX_RC_ERROR; }

}  // namespace

bool HookSession::TellsDistortion() { return true; }

// Every result is told at once.
void HookSession::Settle() noexcept {}

void HookSession::FillFunctions(vpx_rc_funcs& functions) {
  functions.send_firstpass_stats =
      [](vpx_rc_model_t model, const vpx_rc_firstpass_stats_t* stats) noexcept {
        HookSession& session = SessionOf(model);
        return ToVpx(
            session.Guard([&] { return session.TakeFirstPassStats(*stats); }));
      };
  functions.get_encodeframe_decision =
      [](vpx_rc_model_t model, const vpx_rc_encodeframe_info_t* info,
         vpx_rc_encodeframe_decision_t* decision) noexcept {
        HookSession& session = SessionOf(model);
        return ToVpx(session.Guard([&] {
          const absl::StatusOr<int> q_index =
              session.Decide(ToFrameInfo(*info));
          // The struct arrives uninitialised.  A positive max_frame_size makes
          // libvpx recode in ways that break at cpu-used 3 and above; 0 means
          // no limit.
          if (q_index.ok()) {
            *decision = {.q_index = *q_index, .max_frame_size = 0};
          }
          return q_index.status();
        }));
      };
  functions.update_encodeframe_result =
      [](vpx_rc_model_t model,
         const vpx_rc_encodeframe_result_t* result) noexcept {
        HookSession& session = SessionOf(model);
        return ToVpx(session.Guard([&] {
          return session.TakeResult({.q_index = result->actual_encoding_qindex,
                                     .bits = result->bit_count,
                                     .sse = result->sse,
                                     .pixel_count = result->pixel_count});
        }));
      };
}

}  // namespace encoder_bridge
