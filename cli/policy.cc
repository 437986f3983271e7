#include "cli/policy.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/checkpoint.h"
#include "muzero/network_library.h"
#include "muzero/sha256.h"
#include "selfplay/planning_controller.h"
#include "selfplay/policy_network.h"

namespace cli {
namespace {

absl::Status Explain(const absl::Status& status, const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrContains(status.message(), path)
          ? std::string(status.message())
          : absl::StrCat("model ", path, ": ", status.message()));
}

}  // namespace

Policy::Policy(std::unique_ptr<muzero::Model> network, std::string sha256)
    : policy_(std::move(network)), sha256_(std::move(sha256)) {}

absl::StatusOr<std::shared_ptr<Policy>> Policy::Load(const std::string& path,
                                                     muzero::Device device) {
  const auto checkpoint = muzero::LoadCheckpoint(path);
  if (!checkpoint.ok()) return Explain(checkpoint.status(), path);
  const absl::Status fits = selfplay::CheckModelFits(*checkpoint);
  if (!fits.ok()) return Explain(fits, path);
  auto network = muzero::CreateNetworkModel(*checkpoint, device);
  if (!network.ok()) return Explain(network.status(), path);
  return std::shared_ptr<Policy>(
      new Policy(*std::move(network),
                 muzero::Sha256Hex(muzero::SerializeCheckpoint(*checkpoint))));
}

PolicyController::PolicyController(const encoder_bridge::SequenceInfo& sequence,
                                   const selfplay::PlanningOptions& options,
                                   std::shared_ptr<Policy> policy,
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

}  // namespace cli
