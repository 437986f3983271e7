#include "capi/hosted_controller.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "capi/muzero_rc.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/hosted_rate_control.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/device.h"
#include "selfplay/loaded_policy.h"
#include "selfplay/planning_controller.h"
#include "selfplay/policy_controller.h"

namespace capi {
namespace {

using encoder_bridge::FeedbackController;
using encoder_bridge::FeedbackOptions;
using encoder_bridge::kMaxQIndex;
using encoder_bridge::kMinQIndex;
using encoder_bridge::RateController;
using encoder_bridge::RateControllerFactory;
using encoder_bridge::SequenceInfo;

absl::Status Check(const muzero_rc_options& options) {
  if (options.abi_version != MUZERO_RC_ABI_VERSION) {
    return absl::InvalidArgumentError(absl::StrCat(
        "abi_version ", options.abi_version, " is not ", MUZERO_RC_ABI_VERSION,
        ": the program was built for another version of this library, or did "
        "not begin with muzero_rc_default_options()"));
  }
  if (options.simulations < 0 ||
      options.simulations > selfplay::kMaxSimulations) {
    return absl::InvalidArgumentError(
        absl::StrCat("simulations ", options.simulations, " are not in [0, ",
                     selfplay::kMaxSimulations, "]"));
  }
  if (!std::isfinite(options.target_bitrate_kbps) ||
      options.target_bitrate_kbps < 0) {
    return absl::InvalidArgumentError(absl::StrCat("target_bitrate_kbps ",
                                                   options.target_bitrate_kbps,
                                                   " is neither 0 nor above"));
  }
  if (options.min_q_index < kMinQIndex ||
      options.max_q_index < options.min_q_index ||
      options.max_q_index > kMaxQIndex) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_q_index ", options.min_q_index, " and max_q_index ",
                     options.max_q_index, " are not in order in [", kMinQIndex,
                     ", ", kMaxQIndex, "]"));
  }
  if (options.kf_max_dist < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "kf_max_dist ", options.kf_max_dist, " is not at least 0"));
  }
  if (options.bit_depth != 8 && options.bit_depth != 10) {
    return absl::InvalidArgumentError(
        absl::StrCat("bit_depth ", options.bit_depth, " is not 8 or 10"));
  }
  return absl::OkStatus();
}

absl::StatusOr<RateControllerFactory> PolicyFactory(
    const muzero_rc_options& options) {
  auto policy =
      selfplay::LoadedPolicy::Load(options.model, muzero::Device::kCpu);
  if (!policy.ok()) return policy.status();
  selfplay::PlanningOptions planning;
  planning.search.num_simulations = options.simulations;
  // libvpx takes 0 as 1.
  planning.tracker.feedback.kf_max_dist = std::max(1, options.kf_max_dist);
  return [planning, policy = *std::move(policy)](const SequenceInfo& sequence)
             -> absl::StatusOr<std::unique_ptr<RateController>> {
    return std::make_unique<selfplay::PolicyController>(
        sequence, planning, policy, /*refuse_fallback=*/false);
  };
}

RateControllerFactory FeedbackFactory(const muzero_rc_options& options) {
  return [kf_max_dist = options.kf_max_dist](const SequenceInfo& sequence)
             -> absl::StatusOr<std::unique_ptr<RateController>> {
    return std::make_unique<FeedbackController>(
        sequence, FeedbackOptions{.kf_max_dist = kf_max_dist});
  };
}

}  // namespace

absl::StatusOr<encoder_bridge::HostedOptions> UnderstandOptions(
    const muzero_rc_options& options) {
  const absl::Status status = Check(options);
  if (!status.ok()) return status;
  encoder_bridge::HostedOptions hosted = {.factory = FeedbackFactory(options),
                                          .min_q_index = options.min_q_index,
                                          .max_q_index = options.max_q_index,
                                          .bit_depth = options.bit_depth};
  if (options.target_bitrate_kbps > 0) {
    hosted.target_bitrate_kbps = options.target_bitrate_kbps;
  }
  if (options.model != nullptr) {
    auto factory = PolicyFactory(options);
    if (!factory.ok()) return factory.status();
    if (!encoder_bridge::HookSession::TellsDistortion()) {
      return absl::FailedPreconditionError(
          "a model needs libvpx 1.10 to 1.12: the hook of libvpx 1.15 does not "
          "tell other programs' PSNR");
    }
    hosted.factory = *std::move(factory);
  }
  return hosted;
}

}  // namespace capi
