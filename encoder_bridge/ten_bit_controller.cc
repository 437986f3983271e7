#include "encoder_bridge/ten_bit_controller.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

constexpr int64_t kSquaredScale = 16;  // (2^10 / 2^8)^2.

}  // namespace

absl::Status TenBitController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  return controller_.OnFirstPassStats(stats);
}

absl::StatusOr<int> TenBitController::ChooseQIndex(const FrameInfo& frame) {
  const absl::StatusOr<int> chosen = controller_.ChooseQIndex(frame);
  // What is out of range altogether stays, and is refused later.
  if (!chosen.ok() || *chosen < kMinQIndex || *chosen > kMaxQIndex) {
    return chosen;
  }
  choice_ = {.eight_bit_q_index = *chosen,
             .ten_bit_q_index = TenBitQIndex(*chosen)};
  return choice_->ten_bit_q_index;
}

absl::Status TenBitController::OnFrameEncoded(const FrameResult& result) {
  FrameResult shown = result;
  // Neither scale has a q_index for every one of the other, so what it chose is
  // not read back from what became of it.
  shown.q_index = choice_ && choice_->ten_bit_q_index == result.q_index
                      ? choice_->eight_bit_q_index
                      : EightBitQIndex(result.q_index);
  shown.sse = result.sse / kSquaredScale;
  return controller_.OnFrameEncoded(shown);
}

}  // namespace encoder_bridge
