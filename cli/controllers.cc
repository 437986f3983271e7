#include "cli/controllers.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "cli/installed_file.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/explored_offsets.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"
#include "eval/sweep_controller.h"
#include "muzero/device.h"
#include "selfplay/loaded_policy.h"
#include "selfplay/planning_controller.h"
#include "selfplay/policy_controller.h"

namespace cli {
namespace {

using encoder_bridge::RateController;
using encoder_bridge::RateControlMode;
using eval::ControllerTask;
using eval::SweepController;

constexpr int kMaxCqLevel = 63;

std::vector<int> Ladder(const std::vector<int>& wanted,
                        std::vector<int> fallback) {
  return wanted.empty() ? fallback : wanted;
}

// `feedback`, as the attempt of `task` has it.
encoder_bridge::FeedbackOptions OfAttempt(
    encoder_bridge::FeedbackOptions feedback, const ControllerTask& task) {
  if (task.costs == nullptr) {
    feedback.offsets = encoder_bridge::ExploredOffsets(task.attempt);
  } else if (task.attempt == 0) {
    feedback.found_costs = task.costs;
  } else {
    // The second does as the first did, but knows what it comes to.
    feedback.known_costs = task.costs;
    feedback.offsets = encoder_bridge::ExploredOffsets(task.attempt - 1);
  }
  return feedback;
}

absl::StatusOr<SweepController> MakePolicyController(
    const ControllerOptions& options) {
  const absl::StatusOr<std::string> model = ModelPath(options);
  if (!model.ok()) return model.status();
  if (options.num_simulations < 0 ||
      options.num_simulations > selfplay::kMaxSimulations) {
    return absl::InvalidArgumentError(
        absl::StrCat("--simulations ", options.num_simulations,
                     " is not in [0, ", selfplay::kMaxSimulations, "]"));
  }
  const absl::StatusOr<muzero::Device> device =
      muzero::ParseDevice(options.device);
  if (!device.ok()) return device.status();
  const absl::StatusOr<std::shared_ptr<selfplay::LoadedPolicy>> policy =
      selfplay::LoadedPolicy::Load(*model, *device);
  if (!policy.ok()) return policy.status();
  selfplay::PlanningOptions planning;
  planning.search.num_simulations = options.num_simulations;
  planning.record = options.record_plans;
  // libvpx takes 0 as 1.
  planning.tracker.feedback.kf_max_dist = std::max(
      1, options.kf_max_dist.value_or(planning.tracker.feedback.kf_max_dist));
  return SweepController{
      .mode = RateControlMode::kExternal,
      .variant = absl::StrCat("model ", (*policy)->sha256(), ", ",
                              options.num_simulations, " simulations, device ",
                              options.device),
      .attempts_learn = true,
      .factory = [planning, policy = *policy,
                  refuse = options.refuse_fallback](const ControllerTask& task)
          -> absl::StatusOr<std::unique_ptr<RateController>> {
        selfplay::PlanningOptions attempt = planning;
        attempt.tracker.feedback = OfAttempt(planning.tracker.feedback, task);
        return std::make_unique<selfplay::PolicyController>(
            task.sequence, attempt, policy,
            /*refuse_fallback=*/refuse);
      }};
}

}  // namespace

absl::StatusOr<std::string> ModelPath(const ControllerOptions& options) {
  if (options.model) return *options.model;
  const absl::StatusOr<std::string> shipped = FindShippedModel();
  if (shipped.ok()) return shipped;
  return absl::InvalidArgumentError(absl::StrCat(
      "the controller muzero needs --model FILE: ", shipped.status().message(),
      "; --controller feedback needs none"));
}

void AddPolicyFlags(CLI::App& verb, ControllerOptions& options,
                    PolicyFlags flags) {
  verb.add_option("--model", options.model,
                  "muzero: the trained network, a checkpoint file (default: "
                  "the one that comes with this program)")
      ->type_name("FILE")
      ->group(kControllerGroup);
  verb.add_option("--simulations", options.num_simulations,
                  "muzero: simulations of the search for each frame; 0 takes "
                  "the network's first choice")
      ->capture_default_str()
      ->group(kControllerGroup);
  if (flags == PolicyFlags::kWithoutDevice) return;
  verb.add_option("--device", options.device, "muzero: where the network runs")
      ->type_name("auto|cpu|cuda")
      ->capture_default_str()
      ->group(kControllerGroup);
}

void AddConstantQFlags(CLI::App& verb, ControllerOptions& options) {
  const struct {
    const char* flag;
    int& offset;
    const char* frames;
  } kOffsets[] = {{"--key-offset", options.key_offset, "key"},
                  {"--arf-offset", options.alt_ref_offset, "alt-ref"},
                  {"--golden-offset", options.golden_offset, "golden"}};
  for (const auto& o : kOffsets) {
    verb.add_option(o.flag, o.offset,
                    std::string("constant-q: how far the q_index of ") +
                        o.frames + " frames is below that of inter frames")
        ->check(CLI::Range(-255, 255).description(""))
        ->capture_default_str()
        ->group(kControllerGroup);
  }
}

absl::Status CheckLevel(const SweepController& controller, int level) {
  if (controller.levels.empty()) return absl::OkStatus();
  const bool is_cq = controller.mode == RateControlMode::kConstantQuality;
  const int min = is_cq ? 0 : encoder_bridge::kMinQIndex;
  const int max = is_cq ? kMaxCqLevel : encoder_bridge::kMaxQIndex;
  if (level >= min && level <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(is_cq ? "--cq-level " : "--q-index ", level, " is not in [",
                   min, ", ", max, "]"));
}

absl::Status SetAttempts(int attempts, SweepController& controller) {
  if (attempts < 1 || attempts > encoder_bridge::kMaxAttempts) {
    return absl::InvalidArgumentError(
        absl::StrCat(attempts, " attempts are not in [1, ",
                     encoder_bridge::kMaxAttempts, "]"));
  }
  const bool explores = controller.levels.empty() &&
                        controller.mode == RateControlMode::kExternal;
  if (attempts > 1 && !explores) {
    return absl::InvalidArgumentError(
        absl::StrCat("the controller ", controller.name,
                     " does the same each time: attempts are for feedback and "
                     "muzero"));
  }
  controller.attempts = attempts;
  return absl::OkStatus();
}

absl::Status SetEffort(int effort, SweepController& controller) {
  if (effort < 1 || effort > encoder_bridge::kMaxEffort) {
    return absl::InvalidArgumentError(
        absl::StrCat("an effort of ", effort, " is not in [1, ",
                     encoder_bridge::kMaxEffort, "]"));
  }
  if (effort > 1 && controller.name != "feedback") {
    return absl::InvalidArgumentError(
        absl::StrCat("the controller ", controller.name,
                     " does not plan with the encoder: an effort above 1 is "
                     "for feedback"));
  }
  controller.effort = effort;
  return absl::OkStatus();
}

std::string ControllerNames(absl::string_view separator) {
  return absl::StrJoin(
      {"feedback", "muzero", "constant-q", "libvpx", "libvpx-q"}, separator);
}

encoder_bridge::ConstantQIndices QIndicesAt(int level,
                                            const ControllerOptions& options) {
  const auto below = [level](int offset) {
    return std::clamp(level - offset, encoder_bridge::kMinQIndex,
                      encoder_bridge::kMaxQIndex);
  };
  return {.key = below(options.key_offset),
          .alt_ref = below(options.alt_ref_offset),
          .golden = below(options.golden_offset),
          .inter = below(0)};
}

absl::StatusOr<SweepController> MakeController(
    absl::string_view name, const ControllerOptions& options) {
  SweepController controller = {.name = std::string(name)};
  if (name == "libvpx") {
    controller.mode = RateControlMode::kVbr;
  } else if (name == "libvpx-q") {
    controller.mode = RateControlMode::kConstantQuality;
    controller.levels =
        Ladder(options.cq_levels, {20, 26, 32, 38, 44, 50, 56, 62});
  } else if (name == "constant-q") {
    controller.mode = RateControlMode::kExternal;
    controller.levels =
        Ladder(options.q_indices, {70, 100, 130, 160, 190, 220, 250});
    controller.factory = [options](const ControllerTask& task)
        -> absl::StatusOr<std::unique_ptr<RateController>> {
      return std::make_unique<encoder_bridge::ConstantQController>(
          QIndicesAt(task.level, options));
    };
  } else if (name == "feedback") {
    controller.mode = RateControlMode::kExternal;
    controller.attempts_learn = true;
    encoder_bridge::FeedbackOptions feedback;
    feedback.kf_max_dist = options.kf_max_dist.value_or(feedback.kf_max_dist);
    controller.factory = [feedback](const ControllerTask& task)
        -> absl::StatusOr<std::unique_ptr<RateController>> {
      encoder_bridge::FeedbackOptions attempt = OfAttempt(feedback, task);
      attempt.chunk_starts = task.chunk_starts;
      return std::make_unique<encoder_bridge::FeedbackController>(task.sequence,
                                                                  attempt);
    };
  } else if (name == "muzero") {
    absl::StatusOr<SweepController> policy = MakePolicyController(options);
    if (!policy.ok()) return policy;
    controller = *std::move(policy);
    controller.name = std::string(name);
  } else {
    return absl::InvalidArgumentError(absl::StrCat("there is no controller '",
                                                   name, "': wanted one of ",
                                                   ControllerNames()));
  }
  return controller;
}

}  // namespace cli
