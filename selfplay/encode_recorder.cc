#include "selfplay/encode_recorder.h"

namespace selfplay {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;

absl::Status EncodeRecorder::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  stats_.assign(stats.begin(), stats.end());
  return controller_.OnFirstPassStats(stats_);
}

absl::StatusOr<int> EncodeRecorder::ChooseQIndex(const FrameInfo& frame) {
  const absl::StatusOr<int> q_index = controller_.ChooseQIndex(frame);
  if (q_index.ok()) steps_.push_back({.frame = frame});
  return q_index;
}

absl::Status EncodeRecorder::OnFrameEncoded(const FrameResult& result) {
  if (steps_.empty()) {
    return absl::FailedPreconditionError("a result before any choice");
  }
  steps_.back().result = result;
  return controller_.OnFrameEncoded(result);
}

}  // namespace selfplay
