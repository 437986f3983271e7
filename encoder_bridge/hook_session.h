#ifndef ENCODER_BRIDGE_HOOK_SESSION_H_
#define ENCODER_BRIDGE_HOOK_SESSION_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/rate_controller.h"

struct vpx_rc_encodeframe_decision;
struct vpx_rc_encodeframe_info;
struct vpx_rc_encodeframe_result;
struct vpx_rc_firstpass_stats;
struct vpx_rc_funcs;

namespace encoder_bridge {

// What stands behind libvpx's external-rate-control hook during one second pass
// (vpx_ext_ratectrl.h, ABI 1): tells a RateController what libvpx tells, and
// libvpx what the controller chooses, if it is a valid choice.
//
// libvpx's model is a HookSession*.  Everything runs on the thread inside
// vpx_codec_encode().  Not thread-safe.
class HookSession {
 public:
  // One decision with its result.
  struct Frame {
    FrameInfo info;
    FrameResult result;
  };

  // Where libvpx tells the result of a frame that it has not asked about:
  // a picture shown again, with auto-alt-ref above 1.
  enum class UnaskedResults { kRefused, kIgnored };

  // `controller` must outlive this object.
  explicit HookSession(
      RateController& controller,
      UnaskedResults unasked_results = UnaskedResults::kRefused)
      : controller_(controller), unasked_results_(unasked_results) {}
  virtual ~HookSession() = default;
  HookSession(const HookSession&) = delete;
  HookSession& operator=(const HookSession&) = delete;

  // Fills in the functions between create_model and delete_model.
  static void FillFunctions(vpx_rc_funcs& functions);

  // Why the hook made the encode fail, in the controller's own words; OK while
  // nothing went wrong.  libvpx itself reports only that something did.
  const absl::Status& status() const { return status_; }

  // All frames coded so far, in coding order.
  const std::vector<Frame>& frames() const { return frames_; }

 private:
  absl::Status TakeFirstPassStats(const vpx_rc_firstpass_stats& stats);
  absl::Status Decide(const vpx_rc_encodeframe_info& info,
                      vpx_rc_encodeframe_decision& decision);
  absl::Status TakeResult(const vpx_rc_encodeframe_result& result);

  // Runs `step`; returns whether all is well.  The first reason why not is
  // kept; once one was given, nothing more is asked.
  template <typename Step>
  bool Guard(Step step) noexcept;

  RateController& controller_;
  const UnaskedResults unasked_results_;
  std::vector<FirstPassFrameStats> stats_;
  std::optional<FrameInfo> pending_;  // Decided, not yet coded.
  std::vector<Frame> frames_;
  absl::Status status_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_HOOK_SESSION_H_
