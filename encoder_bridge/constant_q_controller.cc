#include "encoder_bridge/constant_q_controller.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

absl::Status ConstantQIndices::Validate() const {
  const struct {
    const char* name;
    int q_index;
  } kTypes[] = {
      {"key", key}, {"alt-ref", alt_ref}, {"golden", golden}, {"inter", inter}};
  for (const auto& type : kTypes) {
    if (type.q_index < kMinQIndex || type.q_index > kMaxQIndex) {
      return absl::OutOfRangeError(absl::StrCat(
          "q_index ", type.q_index, " for ", type.name, " frames is not in [",
          kMinQIndex, ", ", kMaxQIndex, "]"));
    }
  }
  return absl::OkStatus();
}

ConstantQController::ConstantQController(const ConstantQIndices& q_indices)
    : q_indices_(q_indices) {}

absl::Status ConstantQController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> /*stats*/) {
  return absl::OkStatus();
}

absl::StatusOr<int> ConstantQController::ChooseQIndex(const FrameInfo& frame) {
  switch (frame.type) {
    case FrameType::kKey:
      return q_indices_.key;
    case FrameType::kAltRef:
      return q_indices_.alt_ref;
    case FrameType::kGolden:
      return q_indices_.golden;
    case FrameType::kInter:
    case FrameType::kOverlay:
      return q_indices_.inter;
  }
  return absl::InternalError(
      absl::StrCat("libvpx asked about a frame of unknown type ",
                   static_cast<int>(frame.type)));
}

absl::Status ConstantQController::OnFrameEncoded(
    const FrameResult& /*result*/) {
  return absl::OkStatus();
}

}  // namespace encoder_bridge
