#ifndef ENCODER_BRIDGE_CONSTANT_Q_CONTROLLER_H_
#define ENCODER_BRIDGE_CONSTANT_Q_CONTROLLER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// One q_index for each frame type, each in [kMinQIndex, kMaxQIndex].
struct ConstantQIndices {
  int key = 128;
  int alt_ref = 128;
  int golden = 128;
  int inter = 128;  // Also overlays.

  // Returns OutOfRange that names the first value out of range.
  absl::Status Validate() const;
};

// Chooses by frame type alone: the rate is what comes of it.
class ConstantQController : public RateController {
 public:
  // REQUIRES: `q_indices.Validate()` is OK.
  explicit ConstantQController(const ConstantQIndices& q_indices);

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override;
  absl::Status OnFrameEncoded(const FrameResult& result) override;
  bool ThinksInEightBits() const override { return false; }

 private:
  const ConstantQIndices q_indices_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CONSTANT_Q_CONTROLLER_H_
