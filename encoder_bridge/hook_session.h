#ifndef ENCODER_BRIDGE_HOOK_SESSION_H_
#define ENCODER_BRIDGE_HOOK_SESSION_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/rate_controller.h"

struct vpx_codec_ctx;
struct vpx_rc_encodeframe_info;
struct vpx_rc_firstpass_stats;
struct vpx_rc_funcs;

namespace encoder_bridge {

// What stands behind libvpx's external-rate-control hook during one second pass
// (vpx_ext_ratectrl.h): tells a RateController what libvpx tells, and libvpx
// what the controller chooses, if it is a valid choice.  What differs between
// the hook's ABIs is in hook_abi_N.cc.
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

  // How many statistics libvpx has of a frame: those of FirstPassFrameStats, in
  // its order, and maybe more.
  static size_t NumFirstPassStatistics();

  // Whether the hook tells the distortion of a coded frame.  If not,
  // FrameResult::sse comes from the encoder's PSNR packets: those of
  // ReadPsnrOf().  Without them, and of hidden ARFs, it is 0.
  static bool TellsDistortion();

  // `encoder` is the one behind whose hook this is, initialised with
  // VPX_CODEC_USE_PSNR, and outlives the last call of Settle().
  void ReadPsnrOf(vpx_codec_ctx* encoder) { encoder_ = encoder; }

  // Call after every vpx_codec_encode() that went well, before the next: tells
  // the controller the result that waits for its PSNR packet, if one does.
  void Settle() noexcept;

  // Why the hook made the encode fail, in the controller's own words; OK while
  // nothing went wrong.  libvpx itself reports only that something did.
  const absl::Status& status() const { return status_; }

  // All frames coded so far, in coding order.
  const std::vector<Frame>& frames() const { return frames_; }

 private:
  absl::Status TakeFirstPassStats(const vpx_rc_firstpass_stats& stats);
  static FrameInfo ToFrameInfo(const vpx_rc_encodeframe_info& info);
  absl::StatusOr<int> Decide(const FrameInfo& frame);
  // What the next frames may be coded with (ABI 9).
  int LikelyQIndex() const;
  // Of the frame decided last; `result` without its coding_index.
  absl::Status TakeResult(FrameResult result);

  // Runs `step`; returns whether all is well.  The first reason why not is
  // kept; once one was given, nothing more is asked.
  bool Guard(absl::FunctionRef<absl::Status()> step) noexcept;

  RateController& controller_;
  const UnaskedResults unasked_results_;
  vpx_codec_ctx* encoder_ = nullptr;
  std::vector<FirstPassFrameStats> stats_;
  std::optional<FrameInfo> announced_;    // To be asked about (ABI 9).
  std::optional<FrameInfo> pending_;      // Decided, not yet coded.
  std::optional<FrameResult> unsettled_;  // Coded, its PSNR is to come (ABI 9).
  std::vector<Frame> frames_;
  absl::Status status_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_HOOK_SESSION_H_
