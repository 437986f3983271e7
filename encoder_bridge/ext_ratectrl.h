#ifndef ENCODER_BRIDGE_EXT_RATECTRL_H_
#define ENCODER_BRIDGE_EXT_RATECTRL_H_

#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/rate_controller.h"

struct vpx_codec_ctx;

namespace encoder_bridge {

// Puts one RateController behind libvpx's external-rate-control hook for one
// second pass of an encoder of ours.
//
// Make it, then the encoder, then Attach(); the encoder must be destroyed
// before this object, and this object before the controller.  Everything runs
// on the thread inside vpx_codec_encode().  Not thread-safe.
class ExtRateControl {
 public:
  using Frame = HookSession::Frame;

  explicit ExtRateControl(RateController& controller) : session_(controller) {}
  ExtRateControl(const ExtRateControl&) = delete;
  ExtRateControl& operator=(const ExtRateControl&) = delete;

  // Registers the hook.  REQUIRES: `encoder` is a VP9 encoder initialised for
  // the second pass with VPX_CODEC_USE_PSNR and has coded nothing yet; on any
  // other pass libvpx ignores the hook.
  absl::Status Attach(vpx_codec_ctx* encoder);

  // As HookSession's.
  void Settle() { session_.Settle(); }
  const absl::Status& status() const { return session_.status(); }
  const std::vector<Frame>& frames() const { return session_.frames(); }

 private:
  HookSession session_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EXT_RATECTRL_H_
