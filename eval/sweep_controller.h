#ifndef EVAL_SWEEP_CONTROLLER_H_
#define EVAL_SWEEP_CONTROLLER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/clip_costs.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/rate_controller.h"

namespace eval {

// Which encode a controller is made for.
struct ControllerTask {
  encoder_bridge::SequenceInfo sequence;
  int level = 0;    // If there are levels.
  int attempt = 0;  // Of SweepController::attempts, from 0.
  // Where attempts at the same encode keep what the first one finds out about
  // its costs, for the others to know, if there are any to come.
  std::shared_ptr<encoder_bridge::ClipCosts> costs;
  // feedback: FeedbackOptions::chunk_starts.
  std::vector<int> chunk_starts;
};

// Something a sweep measures: libvpx's own rate control or a controller
// behind the hook.
struct SweepController {
  std::string name;  // As in points.csv.
  encoder_bridge::RateControlMode mode = encoder_bridge::RateControlMode::kVbr;
  // Quality levels to run in place of target bitrates (--cq-level of libvpx-q,
  // q_index of constant-q).  Empty: runs at the targets.
  std::vector<int> levels;
  // What else tells this controller from others of its name, such as the model
  // it plans with: results of another variant are no results of this one.
  std::string variant;
  // Encodes of a clip at a target, of which the best counts: RunAttempts().
  int attempts = 1;
  // Whether later attempts read ControllerTask::costs.
  bool attempts_learn = false;
  // Above 1: plan with the encoder itself, by EffortPlanFor() and EffortPass().
  int effort = 1;
  // kExternal: makes the controller of one encode.  Called from several
  // threads.
  std::function<absl::StatusOr<std::unique_ptr<encoder_bridge::RateController>>(
      const ControllerTask& task)>
      factory;

  // For ControllerTask::costs of one encode; nullptr where attempts are not
  // more than one, learn nothing, or are made in processes of their own.
  std::shared_ptr<encoder_bridge::ClipCosts> NewCosts() const {
    if (attempts == 1 || !attempts_learn || effort > 1) return nullptr;
    return std::make_shared<encoder_bridge::ClipCosts>();
  }
};

}  // namespace eval

#endif  // EVAL_SWEEP_CONTROLLER_H_
