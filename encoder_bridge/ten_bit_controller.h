#ifndef ENCODER_BRIDGE_TEN_BIT_CONTROLLER_H_
#define ENCODER_BRIDGE_TEN_BIT_CONTROLLER_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// Lets a controller that knows 8-bit VP9 choose for 10-bit VP9: shows it the
// encode as if it were the same picture in 8 bits.  A q_index stands for
// another quantizer step there (quantizer_step.h), and errors are of samples
// four times as large; first-pass statistics need nothing, since libvpx scales
// those to 8 bits itself.
class TenBitController : public RateController {
 public:
  // `controller` must outlive this object.
  explicit TenBitController(RateController& controller)
      : controller_(controller) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override;
  absl::Status OnFrameEncoded(const FrameResult& result) override;

 private:
  struct Choice {
    int eight_bit_q_index = 0;
    int ten_bit_q_index = 0;
  };

  RateController& controller_;
  std::optional<Choice> choice_;  // The last.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_TEN_BIT_CONTROLLER_H_
