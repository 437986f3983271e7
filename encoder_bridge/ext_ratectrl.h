#ifndef ENCODER_BRIDGE_EXT_RATECTRL_H_
#define ENCODER_BRIDGE_EXT_RATECTRL_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/rate_controller.h"

struct vpx_codec_ctx;

namespace encoder_bridge {

// Puts one RateController behind libvpx's external-rate-control hook for one
// second pass (vpx_ext_ratectrl.h, ABI 1).  The only place that knows the hook.
//
// Make it, then the encoder, then Attach(); the encoder must be destroyed
// before this object, and this object before the controller.  Everything runs
// on the thread inside vpx_codec_encode().  Not thread-safe.
class ExtRateControl {
 public:
  // One decision with its result.
  struct Frame {
    FrameInfo info;
    FrameResult result;
  };

  explicit ExtRateControl(RateController& controller);
  ~ExtRateControl();
  ExtRateControl(const ExtRateControl&) = delete;
  ExtRateControl& operator=(const ExtRateControl&) = delete;

  // Registers the hook.  REQUIRES: `encoder` is a VP9 encoder initialised for
  // the second pass and has coded nothing yet; on any other pass libvpx
  // ignores the hook.
  absl::Status Attach(vpx_codec_ctx* encoder);

  // Why the hook made the encode fail, in the controller's own words; OK while
  // nothing went wrong.  libvpx itself reports only that something did.
  const absl::Status& status() const;

  // All frames coded so far, in coding order.
  const std::vector<Frame>& frames() const;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EXT_RATECTRL_H_
