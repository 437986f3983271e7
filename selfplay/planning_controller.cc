#include "selfplay/planning_controller.h"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/model.h"
#include "muzero/search.h"
#include "muzero/search_tree.h"
#include "selfplay/action_space.h"
#include "selfplay/auxiliary.h"
#include "selfplay/bitrate_guard.h"
#include "selfplay/encode_episode.h"
#include "selfplay/encode_tracker.h"
#include "selfplay/frame_history.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using Clock = std::chrono::steady_clock;

// Adds the time of its life to `seconds`.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() {
    seconds_ += std::chrono::duration<double>(Clock::now() - start_).count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& seconds_;
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

absl::Status PlanningOptions::Validate() const {
  absl::Status status = search.Validate();
  if (status.ok()) status = tracker.Validate();
  if (status.ok() && guard) status = guard->Validate();
  return status;
}

PlanningController::PlanningController(const SequenceInfo& sequence,
                                       const PlanningOptions& options,
                                       muzero::Model& model)
    : sequence_(sequence),
      options_(options),
      model_(model),
      random_(options.seed),
      tracker_(sequence, options.tracker) {
  if (options.guard) guard_.emplace(*options.guard);
}

absl::Status PlanningController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  const absl::Status status = options_.Validate();
  if (!status.ok()) return status;
  if (model_.num_actions() != kNumActions) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model has ", model_.num_actions(),
                     " actions; wanted ", kNumActions));
  }
  return tracker_.OnFirstPassStats(stats);
}

absl::StatusOr<int> PlanningController::Plan() {
  const Stopwatch stopwatch(report_.planning_seconds);
  absl::StatusOr<muzero::SearchResult> found = muzero::Search(
      options_.search, tracker_.Observe(), model_, random_, tree_);
  if (!found.ok()) return found.status();
  report_.simulations += found->statistics.num_simulations;
  const int q_index = QIndexOfAction(found->action, outlook_.proposed_log_step);
  if (!options_.record) return q_index;

  const muzero::Edge edge = tree_.RootEdge(found->action);
  plan_.planned_q_index = q_index;
  plan_.prior = edge.prior;
  plan_.root_value = found->root_value;
  if (edge.auxiliary && edge.auxiliary->size() >= kNumAuxiliary) {
    const double pixels =
        static_cast<double>(sequence_.width) * sequence_.height;
    plan_.predicted_bits =
        pixels * std::exp(double{(*edge.auxiliary)[kFrameLogBpp]});
    if (step_.frame.type != FrameType::kAltRef) {
      plan_.predicted_psnr_db = (*edge.auxiliary)[kFramePsnrDb];
    }
  }
  step_.root_value = static_cast<float>(found->root_value);
  step_.search_policy = std::move(found->search_policy);
  return q_index;
}

int PlanningController::Guard(FrameType type, int q_index) {
  if (!guard_) return q_index;
  const int guarded = guard_->Corridor(type, outlook_).Nearest(q_index);
  if (guarded != q_index) ++report_.guard_overrides;
  return guarded;
}

absl::StatusOr<int> PlanningController::ChooseQIndex(const FrameInfo& frame) {
  const absl::Status status = tracker_.Announce(frame);
  if (!status.ok()) return status;
  outlook_ = tracker_.outlook();
  step_ = {.frame = frame};
  plan_ = {.coding_index = frame.coding_index};
  if (report_.fallback_frames == 0) {
    const absl::StatusOr<int> q_index = Plan();
    if (q_index.ok()) return Guard(frame.type, *q_index);
    report_.fallback_reason =
        absl::StrCat("at coded frame ", frame.coding_index, ": ",
                     q_index.status().message());
  }
  ++report_.fallback_frames;
  return tracker_.feedback_q_index();
}

absl::Status PlanningController::OnFrameEncoded(const FrameResult& result) {
  const absl::Status status = tracker_.OnFrameEncoded(result);
  if (!status.ok()) return status;
  if (guard_) guard_->OnFrameEncoded(outlook_, result);
  if (!options_.record) return absl::OkStatus();
  plan_.q_index = result.q_index;
  plan_.bits = result.bits;
  if (step_.frame.type != FrameType::kAltRef) plan_.psnr_db = PsnrDb(result);
  step_.result = result;
  report_.frames.push_back(std::exchange(plan_, {}));
  steps_.push_back(std::exchange(step_, {}));
  return absl::OkStatus();
}

EncodeEpisode PlanningController::TakeEpisode() {
  return {.sequence = sequence_,
          .tracker = options_.tracker,
          .steps = std::exchange(steps_, {}),
          .outcome = tracker_.outcome()};
}

}  // namespace selfplay
