#ifndef SELFPLAY_POLICY_CONTROLLER_H_
#define SELFPLAY_POLICY_CONTROLLER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/model.h"
#include "selfplay/loaded_policy.h"
#include "selfplay/planning_controller.h"
#include "selfplay/planning_report.h"

namespace selfplay {

// The most simulations of a search for one frame that users may ask for.
inline constexpr int kMaxSimulations = 1024;

// The controller `muzero`: a PlanningController that keeps its network alive.
//
// Errors: as PlanningController; and with `refuse_fallback` Internal where that
// would leave the rest of the encode to the feedback controller.
class PolicyController : public encoder_bridge::RateController {
 public:
  PolicyController(const encoder_bridge::SequenceInfo& sequence,
                   const PlanningOptions& options,
                   std::shared_ptr<LoadedPolicy> policy, bool refuse_fallback);

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override {
    return planning_.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override;
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override {
    return planning_.OnFrameEncoded(result);
  }

  const PlanningReport& report() const { return planning_.report(); }

 private:
  const std::shared_ptr<LoadedPolicy> policy_;
  const std::unique_ptr<muzero::Model> client_;
  const bool refuse_fallback_;
  PlanningController planning_;
};

}  // namespace selfplay

#endif  // SELFPLAY_POLICY_CONTROLLER_H_
