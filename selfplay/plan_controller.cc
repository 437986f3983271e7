#include "selfplay/plan_controller.h"

#include "encoder_bridge/quantizer_step.h"

namespace selfplay {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;

PlanController::PlanController(const encoder_bridge::SequenceInfo& sequence,
                               OffsetPlan plan)
    : plan_(std::move(plan)), feedback_(sequence), guard_(GuardOptions()) {}

absl::Status PlanController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  return feedback_.OnFirstPassStats(stats);
}

absl::StatusOr<int> PlanController::ChooseQIndex(const FrameInfo& frame) {
  const absl::StatusOr<int> proposed = feedback_.ChooseQIndex(frame);
  if (!proposed.ok()) return proposed;
  outlook_ = feedback_.outlook();
  const int wanted = encoder_bridge::QIndexForLogStep(
      outlook_.proposed_log_step + plan_.Of(frame.type, frame.show_index));
  return guard_.Corridor(frame.type, outlook_).Nearest(wanted);
}

absl::Status PlanController::OnFrameEncoded(const FrameResult& result) {
  guard_.OnFrameEncoded(outlook_, result);
  return feedback_.OnFrameEncoded(result);
}

}  // namespace selfplay
