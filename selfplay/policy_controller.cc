#include "selfplay/policy_controller.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/loaded_policy.h"
#include "selfplay/planning_controller.h"

namespace selfplay {

PolicyController::PolicyController(const encoder_bridge::SequenceInfo& sequence,
                                   const PlanningOptions& options,
                                   std::shared_ptr<LoadedPolicy> policy,
                                   bool refuse_fallback)
    : policy_(std::move(policy)),
      client_(policy_->NewClient()),
      refuse_fallback_(refuse_fallback),
      planning_(sequence, options, *client_) {}

absl::StatusOr<int> PolicyController::ChooseQIndex(
    const encoder_bridge::FrameInfo& frame) {
  const absl::StatusOr<int> q_index = planning_.ChooseQIndex(frame);
  if (q_index.ok() && refuse_fallback_ && report().fallback_frames > 0) {
    return absl::InternalError(
        absl::StrCat("the model failed: ", report().fallback_reason));
  }
  return q_index;
}

}  // namespace selfplay
