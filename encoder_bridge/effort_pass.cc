#include "encoder_bridge/effort_pass.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/effort_encode.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/step_change.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace encoder_bridge {

AttemptPass EffortPass(const EffortEncode& encode,
                       const EncoderSettings& settings,
                       const FirstPassResult& first_pass) {
  return [encode, &settings, &first_pass](
             int /*attempt*/, RateController* controller, PacketSink& sink,
             const ProgressFn& progress) -> absl::StatusOr<EncodeResult> {
    EffortEncode with_controller = encode;
    with_controller.at_once = settings.threads;
    with_controller.controller =
        dynamic_cast<ChangeableController*>(controller);
    if (with_controller.controller == nullptr) {
      return absl::InvalidArgumentError(
          "this controller cannot plan with the encoder");
    }
    return EncodeWithEffort(with_controller, settings, first_pass, sink,
                            progress);
  };
}

}  // namespace encoder_bridge
