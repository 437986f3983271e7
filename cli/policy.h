#ifndef CLI_POLICY_H_
#define CLI_POLICY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "selfplay/planning_controller.h"
#include "selfplay/planning_report.h"
#include "selfplay/policy.h"

namespace cli {

// A trained network out of a file, ready to plan any number of encodes at once.
// Thread-safe.
class Policy {
 public:
  // FailedPrecondition, naming `path` and the reason, for anything that keeps
  // the network in it from running on `device`.
  static absl::StatusOr<std::shared_ptr<Policy>> Load(const std::string& path,
                                                      muzero::Device device);

  // The model for one encode.  This object must outlive it.
  std::unique_ptr<muzero::Model> NewClient() { return policy_.NewClient(); }

  // SHA-256 of the file it came from, in hexadecimal.
  const std::string& sha256() const { return sha256_; }

 private:
  Policy(std::unique_ptr<muzero::Model> network, std::string sha256);

  selfplay::Policy policy_;
  const std::string sha256_;
};

// The controller `muzero`: a PlanningController that keeps its network alive.
//
// Errors: as PlanningController; and with `refuse_fallback` Internal where that
// would leave the rest of the encode to the feedback controller.
class PolicyController : public encoder_bridge::RateController {
 public:
  PolicyController(const encoder_bridge::SequenceInfo& sequence,
                   const selfplay::PlanningOptions& options,
                   std::shared_ptr<Policy> policy, bool refuse_fallback);

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

  const selfplay::PlanningReport& report() const { return planning_.report(); }

 private:
  const std::shared_ptr<Policy> policy_;
  const std::unique_ptr<muzero::Model> client_;
  const bool refuse_fallback_;
  selfplay::PlanningController planning_;
};

}  // namespace cli

#endif  // CLI_POLICY_H_
