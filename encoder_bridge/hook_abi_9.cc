// The hook of libvpx 1.15.  It asks for a q_index with no more than the frame's
// place in its group, so what frame it is comes from the question before, about
// its rdmult, which is left to libvpx.  It tells no distortion: see Settle().

#include <vpx/vpx_encoder.h>
#include <vpx/vpx_ext_ratectrl.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/rate_controller.h"

static_assert(VPX_EXT_RATECTRL_ABI_VERSION == 9,
              "hook_abi_9.cc is written for hook ABI 9");

namespace encoder_bridge {
namespace {

HookSession& SessionOf(vpx_rc_model_t model) {
  return *static_cast<HookSession*>(model);
}

vpx_rc_status_t ToVpx(bool is_ok) { return is_ok ? VPX_RC_OK : VPX_RC_ERROR; }

// Puts into `result` what the last PSNR packet says that `encoder` has ready:
// that of the frame shown last.  Returns whether there is one.  To look at
// packets takes none away, and is allowed within vpx_codec_encode(), which has
// them in its list from the end of each frame on (encoder_encode() in
// vp9_cx_iface.c).
bool AddDistortion(vpx_codec_ctx* encoder, FrameResult& result) {
  bool has_psnr = false;
  vpx_codec_iter_t iterator = nullptr;
  while (const vpx_codec_cx_pkt_t* const packet =
             vpx_codec_get_cx_data(encoder, &iterator)) {
    if (packet->kind != VPX_CODEC_PSNR_PKT) continue;
    has_psnr = true;
    result.sse = static_cast<int64_t>(packet->data.psnr.sse[0]);
    result.pixel_count = packet->data.psnr.samples[0];
  }
  return has_psnr;
}

}  // namespace

bool HookSession::TellsDistortion() { return false; }

void HookSession::Settle() noexcept {
  if (!unsettled_) return;
  Guard([&] {
    FrameResult result = *unsettled_;
    unsettled_.reset();
    if (pending_->type == FrameType::kAltRef) {
      // The key frame before any ARF told the size.
      result.pixel_count = frames_.back().result.pixel_count;
    } else if (!AddDistortion(encoder_, result)) {
      return absl::InternalError("libvpx gave no PSNR of a shown frame");
    }
    return TakeResult(result);
  });
}

int HookSession::LikelyQIndex() const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if (frame->info.type != FrameType::kOverlay) return frame->result.q_index;
  }
  return kMaxQIndex;
}

void HookSession::FillFunctions(vpx_rc_funcs& functions) {
  functions.rc_type = static_cast<vpx_rc_type_t>(VPX_RC_QP | VPX_RC_RDMULT);
  functions.send_firstpass_stats =
      [](vpx_rc_model_t model, const vpx_rc_firstpass_stats_t* stats) noexcept {
        HookSession& session = SessionOf(model);
        return ToVpx(
            session.Guard([&] { return session.TakeFirstPassStats(*stats); }));
      };
  functions.get_frame_rdmult = [](vpx_rc_model_t model,
                                  const vpx_rc_encodeframe_info_t* info,
                                  int* rdmult) noexcept {
    HookSession& session = SessionOf(model);
    session.Settle();
    return ToVpx(session.Guard([&] {
      session.announced_ = ToFrameInfo(*info);
      *rdmult = VPX_DEFAULT_RDMULT;
      return absl::OkStatus();
    }));
  };
  functions.get_encodeframe_decision =
      [](vpx_rc_model_t model, int /*gop_index*/,
         vpx_rc_encodeframe_decision_t* decision) noexcept {
        HookSession& session = SessionOf(model);
        session.Settle();
        return ToVpx(session.Guard([&] {
          // Before a group libvpx asks about each of its frames, announcing
          // none, for its temporal dependency model; VPX_DEFAULT_Q would make
          // it read past its tables.
          const absl::StatusOr<int> q_index =
              session.announced_ ? session.Decide(*session.announced_)
                                 : session.LikelyQIndex();
          session.announced_.reset();
          if (q_index.ok()) {
            *decision = {.q_index = *q_index, .rdmult = VPX_DEFAULT_RDMULT};
          }
          return q_index.status();
        }));
      };
  functions.update_encodeframe_result =
      [](vpx_rc_model_t model,
         const vpx_rc_encodeframe_result_t* result) noexcept {
        HookSession& session = SessionOf(model);
        return ToVpx(session.Guard([&] {
          session.announced_.reset();  // A picture that is shown again.
          const FrameResult coded = {.q_index = result->actual_encoding_qindex,
                                     .bits = result->bit_count};
          if (session.encoder_ == nullptr || !session.pending_) {
            return session.TakeResult(coded);
          }
          session.unsettled_ = coded;
          return absl::OkStatus();
        }));
      };
}

}  // namespace encoder_bridge
