#ifndef ENCODER_BRIDGE_HOSTED_RATE_CONTROL_H_
#define ENCODER_BRIDGE_HOSTED_RATE_CONTROL_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/rate_controller.h"

struct vpx_rc_config;
struct vpx_rc_funcs;

namespace encoder_bridge {

struct HostedOptions {
  // Makes the controller of an encode.  Called from any thread.
  RateControllerFactory factory;
  // In place of the target that the encoder was configured with.
  std::optional<double> target_bitrate_kbps;
  // Choices beyond are moved here: libvpx ignores its own limits for the hook.
  // Where noise could overflow libvpx's buffer (sample_variance.h) they stay
  // above what is safe.
  // REQUIRES: kMinQIndex <= min_q_index <= max_q_index <= kMaxQIndex.
  int min_q_index = kMinQIndex;
  int max_q_index = kMaxQIndex;
  // Of the encoder, which the hook does not tell: 8 or 10.
  int bit_depth = 8;
};

// Rate control for encoders that another program opens, configures and feeds.
// Each encoder it is registered with gets a controller of its own; so one
// object can serve any number of them, one after the other or at once.
// Thread-safe.
//
// What a controller is told of the sequence comes from the encoder and from its
// first-pass statistics.  The encoder's frame rate is the inverse of its time
// base, which may be anything; that of the statistics is right.
class HostedRateControl {
 public:
  explicit HostedRateControl(HostedOptions options);
  ~HostedRateControl();

  // For create_model: the model of one encode, which FillFunctions()'
  // delete_model deletes.  It may outlive this object.
  // InvalidArgument if `config` has no size or no target bitrate.
  absl::StatusOr<HookSession*> StartEncode(const vpx_rc_config& config);

  // Fills in all functions but create_model, and not priv.
  static void FillFunctions(vpx_rc_funcs& functions);

  // Frames coded so far, of all encodes together.
  int64_t coded_frames() const;
  // Why the first encode failed that did; OK while none has.
  absl::Status status() const;

 private:
  struct Record;
  class Session;

  const HostedOptions options_;
  const std::shared_ptr<Record> record_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_HOSTED_RATE_CONTROL_H_
