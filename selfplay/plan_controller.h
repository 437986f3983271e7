#ifndef SELFPLAY_PLAN_CONTROLLER_H_
#define SELFPLAY_PLAN_CONTROLLER_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/bitrate_guard.h"
#include "selfplay/offset_plan.h"

namespace selfplay {

// Does what a PlanningController would whose policy was a plan: every frame is
// coded at feedback's proposal plus the plan's offset, as far as the guard
// allows.  So the target is kept, and what a plan does, a policy can do.
class PlanController : public encoder_bridge::RateController {
 public:
  // REQUIRES: as FeedbackController; `plan` is of as many frames as the clip.
  PlanController(const encoder_bridge::SequenceInfo& sequence, OffsetPlan plan);

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override;
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override;

  const OffsetPlan& plan() const { return plan_; }
  void set_plan(OffsetPlan plan) { plan_ = std::move(plan); }

 private:
  OffsetPlan plan_;
  encoder_bridge::FeedbackController feedback_;
  BitrateGuard guard_;
  encoder_bridge::FeedbackOutlook outlook_;  // Of the pending frame.
};

}  // namespace selfplay

#endif  // SELFPLAY_PLAN_CONTROLLER_H_
