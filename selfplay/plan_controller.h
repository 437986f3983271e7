#ifndef SELFPLAY_PLAN_CONTROLLER_H_
#define SELFPLAY_PLAN_CONTROLLER_H_

#include <cstddef>
#include <utility>
#include <vector>

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

// Follows a list of q_index values, one for each coded frame.
class ListController : public encoder_bridge::RateController {
 public:
  explicit ListController(std::vector<int> q_indices)
      : q_indices_(std::move(q_indices)) {}

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats>) override {
    return absl::OkStatus();
  }
  // FailedPrecondition when the list is at its end.
  absl::StatusOr<int> ChooseQIndex(const encoder_bridge::FrameInfo&) override {
    if (next_ == q_indices_.size()) {
      return absl::FailedPreconditionError("more frames than in the list");
    }
    return q_indices_[next_++];
  }
  absl::Status OnFrameEncoded(const encoder_bridge::FrameResult&) override {
    return absl::OkStatus();
  }

 private:
  const std::vector<int> q_indices_;
  size_t next_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_PLAN_CONTROLLER_H_
