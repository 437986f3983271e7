#include "selfplay/branching_controller.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "selfplay/frame_history.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;

bool OpensGroup(FrameType type) {
  return type == FrameType::kKey || type == FrameType::kAltRef ||
         type == FrameType::kGolden;
}

}  // namespace

BranchingController::BranchingController(
    const encoder_bridge::SequenceInfo& sequence, OffsetPlan plan,
    std::vector<int> boundaries, const BranchingOptions& options)
    : follower_(sequence, std::move(plan)),
      boundaries_(std::move(boundaries)),
      options_(options),
      price_db_(options.db_per_bit * options.price_weight_bits),
      price_bits_(options.price_weight_bits) {}

absl::Status BranchingController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  num_frames_ = static_cast<int>(stats.size());
  return follower_.OnFirstPassStats(stats);
}

int BranchingController::Horizon(int show_index, int groups) const {
  auto next =
      std::upper_bound(boundaries_.begin(), boundaries_.end(), show_index);
  if (boundaries_.end() - next < groups) return num_frames_;
  return *(next + groups - 1) + 1;
}

absl::StatusOr<std::optional<TrialResult>> BranchingController::Try(
    const OffsetPlan& plan, int end) {
  absl::StatusOr<ForkedTrial> trial = ForkedTrial::Begin();
  if (!trial.ok()) return trial.status();
  if (trial->IsTrial()) {
    follower_.set_plan(plan);
    trial_end_ = end;
    trial_ = *std::move(trial);
    return std::nullopt;
  }
  const absl::StatusOr<TrialResult> result = trial->Wait();
  if (!result.ok()) return result.status();
  trial_frames_ += result->shown_frames;
  return *result;
}

double BranchingController::Score(const TrialResult& result) const {
  return result.psnr_sum_db / num_frames_ - db_per_bit() * result.bits;
}

std::vector<BranchingController::Candidate> BranchingController::CandidatesFor(
    const FrameInfo& frame) const {
  const int group_end = frame.type == FrameType::kAltRef
                            ? frame.show_index + 1
                            : Horizon(frame.show_index, 1);
  std::vector<Candidate> candidates = {{.plan = plan()}};
  const auto add = [&](std::vector<double> OffsetPlan::*kind, double by) {
    Candidate candidate = {.plan = plan(),
                           .leaf_shift = kind == &OffsetPlan::leaf ? by : 0};
    AddToRange(candidate.plan.*kind, frames_shown_, group_end, by);
    candidates.push_back(std::move(candidate));
  };
  const BranchSteps& steps = options_.steps;
  if (frame.type == FrameType::kKey) {
    for (const double by : {steps.key, -steps.key}) add(&OffsetPlan::key, by);
    return candidates;
  }
  for (const double by : {steps.alt_ref, -steps.alt_ref}) {
    add(&OffsetPlan::alt_ref, by);
  }
  for (const double by : {steps.leaf, -steps.leaf}) {
    add(&OffsetPlan::leaf, by);
  }
  return candidates;
}

absl::Status BranchingController::Improve(const FrameInfo& frame) {
  const int groups = frame.type == FrameType::kKey      ? options_.key_groups
                     : frame.type == FrameType::kAltRef ? options_.groups - 1
                                                        : options_.groups;
  const int end = Horizon(frame.show_index, groups);
  std::vector<Candidate> candidates = CandidatesFor(frame);
  std::vector<TrialResult> results;
  for (const Candidate& candidate : candidates) {
    const auto result = Try(candidate.plan, end);
    if (!result.ok()) return result.status();
    if (!result->has_value()) return absl::OkStatus();
    results.push_back(**result);
    const double sign = candidate.leaf_shift < 0   ? 1
                        : candidate.leaf_shift > 0 ? -1
                                                   : 0;
    price_db_ += sign * results.back().psnr_sum_db / num_frames_;
    price_bits_ += sign * results.back().bits;
  }
  size_t best = 0;
  double best_score = Score(results[0]) + options_.min_gain_db;
  for (size_t i = 1; i < results.size(); ++i) {
    if (Score(results[i]) <= best_score) continue;
    best = i;
    best_score = Score(results[i]);
  }
  follower_.set_plan(std::move(candidates[best].plan));
  return absl::OkStatus();
}

absl::StatusOr<int> BranchingController::ChooseQIndex(const FrameInfo& frame) {
  if (!IsTrial() && OpensGroup(frame.type)) {
    const absl::Status status = Improve(frame);
    if (!status.ok()) return status;
  }
  pending_type_ = frame.type;
  return follower_.ChooseQIndex(frame);
}

absl::Status BranchingController::OnFrameEncoded(const FrameResult& result) {
  const bool is_shown = pending_type_ != FrameType::kAltRef;
  if (is_shown) ++frames_shown_;
  const absl::Status status = follower_.OnFrameEncoded(result);
  if (!status.ok() || !trial_) return status;
  result_.bits += static_cast<double>(result.bits);
  if (is_shown) {
    ++result_.shown_frames;
    result_.psnr_sum_db += PsnrDb(result);
  }
  if (frames_shown_ >= trial_end_) trial_->Finish(result_);
  return absl::OkStatus();
}

}  // namespace selfplay
