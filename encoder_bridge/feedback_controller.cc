#include "encoder_bridge/feedback_controller.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/clip_costs.h"
#include "encoder_bridge/cost_correction.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/scene_cuts.h"

namespace encoder_bridge {
namespace {

// Frames of a kind that the correction remembers, at least, and as a fraction
// of those to come: a film must not follow the mood of a scene.
constexpr double kShortestMemory = 60;
constexpr double kMemoryFraction = 0.25;
// Frames of a kind that a habit of being overruled is learned over, and how
// many frames' worth of doubt there is at first.
constexpr double kHabitMemory = 24;
constexpr double kHabitDoubt = 0.5;
// By how much ln(bits) of a leaf may rise for each ln by which its step is
// below those of the frames it is predicted from: it then codes their errors
// over again.  Real leaves were seen to rise by 3 to 9.
constexpr double kBelowReferenceSlope = 8;
// What the margin grows by with each chunk but the first, in frames: chunks
// that end at once do not know what each other's last frames cost.
constexpr double kMarginFramesPerChunk = 0.4;

// A hidden ARF travels in one packet with the next frame, which then ends in
// an index of two bytes and two sizes (VP9 specification, annex B).
double SuperframeIndexBits(int64_t frame_bits) {
  double size_bytes = 1;
  for (double limit = 256; static_cast<double>(frame_bits) / 8 >= limit;
       limit *= 256) {
    ++size_bytes;
  }
  return 8 * (2 + 2 * size_bytes);
}

}  // namespace

FeedbackController::FeedbackController(const SequenceInfo& sequence,
                                       const FeedbackOptions& options)
    : sequence_(sequence), options_(options) {}

absl::Status FeedbackController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  if (stats.empty()) {
    return absl::FailedPreconditionError(
        "the first pass left no statistics to plan by");
  }
  const int num_frames = static_cast<int>(stats.size());
  target_bits_ =
      sequence_.target_bitrate_kbps * 1000 * num_frames / sequence_.frame_rate;
  const double margin =
      options_.margin + kMarginFramesPerChunk *
                            static_cast<double>(options_.chunk_starts.size()) /
                            num_frames;
  goal_bits_ = (1 - margin) * target_bits_;
  const bool knows_costs = options_.known_costs != nullptr &&
                           options_.known_costs->Of(CostKind::kLeaf).frames > 0;
  model_.emplace(sequence_.width, sequence_.height, stats,
                 knows_costs ? options_.known_costs->LeafLogFactors(num_frames)
                             : std::vector<double>());
  if (knows_costs) KnowCosts();
  std::vector<double> leaf_log_bits;
  leaf_log_bits.reserve(stats.size());
  for (int i = 0; i < num_frames; ++i) {
    leaf_log_bits.push_back(model_->Leaf(i).log_bits);
  }
  const std::vector<int> scene_cuts = FindSceneCuts(stats);
  offsets_.emplace(stats, leaf_log_bits, scene_cuts, options_.offsets);
  // As libvpx takes it: 0 makes all frames key frames, as 1 does; from the
  // clip's length on there are none but at scene cuts.
  plan_.emplace(*model_, *offsets_, scene_cuts,
                std::clamp(options_.kf_max_dist, 1, num_frames),
                options_.chunk_starts);
  return absl::OkStatus();
}

void FeedbackController::KnowCosts() {
  for (const CostKind kind :
       {CostKind::kKey, CostKind::kAltRef, CostKind::kLeaf}) {
    const ClipCosts::Total& known = options_.known_costs->Of(kind);
    if (known.frames == 0) continue;
    // What is known of leaves is in the model's predictions.
    correction_.Know(
        kind, known.predicted_bits,
        kind == CostKind::kLeaf ? known.predicted_bits : known.bits,
        known.frames);
  }
}

double FeedbackController::RemainingFraction() const {
  return std::max(0.0, 1 - spent_bits_ / goal_bits_);
}

CostFactors FeedbackController::ExpectedFactors() const {
  CostFactors factors = correction_.factors();
  for (size_t kind = 0; kind < kNumCostKinds; ++kind) {
    const Habit& habit = habits_[kind];
    factors[kind] *= std::exp(habit.log_bits / (habit.frames + kHabitDoubt));
  }
  return factors;
}

// Moves the base only as far as needed: every change of step in mid-clip costs
// quality, and predictions are not that good.
void FeedbackController::SteerBase() {
  const CostFactors factors = ExpectedFactors();
  const BitPlan& remaining = plan_->remaining();
  if (!log_base_) {
    log_base_ = remaining.LogBaseFor(goal_bits_, factors);
    return;
  }
  const double slack =
      goal_bits_ *
      (options_.tolerance + options_.remaining_tolerance * RemainingFraction());
  const double planned = remaining.Bits(*log_base_, factors);
  const double most = goal_bits_ + slack - spent_bits_;
  const double least = goal_bits_ - slack / 2 - spent_bits_;
  if (planned > most) {
    log_base_ = remaining.LogBaseFor(most, factors);
  } else if (planned < least) {
    log_base_ = std::max(remaining.LogBaseFor(least, factors),
                         *log_base_ - options_.max_fall);
  }
}

double FeedbackController::FinestSafeLogStep() const {
  const PlannedFrame& frame = pending_->planned;
  const CostFactors factors = correction_.factors();
  const double factor = factors[static_cast<size_t>(frame.kind)];
  const double coarsest = MaxLogQuantizerStep();
  const double frames_left =
      1 - static_cast<double>(frames_shown_) / model_->num_frames();
  // A leaf alone does no great harm: only the cheapest rest stops it.
  const double reserve_base = frame.kind == CostKind::kLeaf
                                  ? BitPlan::MaxLogBase()
                                  : *log_base_ + options_.reserve +
                                        options_.early_reserve * frames_left;
  const double others =
      plan_->remaining().Bits(reserve_base, factors) -
      factor * frame.share *
          frame.cost.Bits(std::min(coarsest, frame.LogStep(reserve_base)));
  const double room = (1 + options_.max_overshoot) * target_bits_ -
                      spent_bits_ - std::max(0.0, others);
  const double progress = 1 - frames_left;
  // Key frames are foretold best.
  const double late_risk =
      frame.kind == CostKind::kKey ? 0 : options_.late_risk;
  const double risk = options_.risk + late_risk * progress * progress;
  double at_reference =
      risk * factor * frame.cost.Bits(FrameCost::kReferenceLogStep);
  if (frame.kind == CostKind::kLeaf) {
    at_reference =
        std::max(at_reference,
                 options_.risk * *std::max_element(recent_leaf_bits_.begin(),
                                                   recent_leaf_bits_.end()));
  }
  if (room <= 0) return coarsest;
  const double finest = FrameCost::kReferenceLogStep +
                        std::log(at_reference / room) / -frame.cost.slope;
  if (frame.kind != CostKind::kLeaf || finest >= reference_log_step_) {
    return finest;
  }
  return reference_log_step_ - (reference_log_step_ - finest) *
                                   -frame.cost.slope / kBelowReferenceSlope;
}

absl::StatusOr<int> FeedbackController::ChooseQIndex(const FrameInfo& frame) {
  if (!plan_ || pending_) {
    return absl::FailedPreconditionError(
        plan_ ? "the last frame's result is missing"
              : "first-pass statistics are missing");
  }
  pending_ = {.info = frame, .planned = plan_->Take(frame)};
  pending_->q_index = Choose();
  return pending_->q_index;
}

int FeedbackController::Choose() {
  const FrameType type = pending_->info.type;
  // An overlay copies its ARF, for free at any step but a finer one.
  const bool is_overlay = type == FrameType::kOverlay;
  if (!log_base_ || !is_overlay) SteerBase();
  const double log_step = pending_->planned.LogStep(*log_base_);
  if (is_overlay) {
    return QIndexForLogStep(std::max(log_step, alt_ref_log_step_));
  }
  const double finest = type == FrameType::kInter
                            ? reference_log_step_ - options_.max_leaf_fall
                            : MinLogQuantizerStep();
  return QIndexForLogStep(
      std::max({log_step + change_.Of(type), finest, FinestSafeLogStep()}));
}

FeedbackOutlook FeedbackController::outlook() const {
  return {.target_bits = target_bits_,
          .goal_bits = goal_bits_,
          .spent_bits = spent_bits_,
          .frames_left =
              1 - static_cast<double>(frames_shown_) / model_->num_frames(),
          .log_base = *log_base_,
          .proposed_log_step = LogQuantizerStep(pending_->q_index),
          .reference_log_step = reference_log_step_,
          .frame = pending_->planned,
          .factors = correction_.factors(),
          .remaining = &plan_->remaining()};
}

// Not of leaves: being overruled on them ends with the bits to do it with, and
// what was put by for the habit would be left over.
void FeedbackController::LearnHabit(const PlannedFrame& frame, double offset) {
  if (frame.kind == CostKind::kLeaf) return;
  Habit& habit = habits_[static_cast<size_t>(frame.kind)];
  const double keep = std::min(1.0, kHabitMemory / (habit.frames + 1));
  habit.frames = keep * habit.frames + 1;
  habit.log_bits = keep * habit.log_bits + frame.cost.slope * offset;
}

absl::Status FeedbackController::OnFrameEncoded(const FrameResult& result) {
  if (!pending_) {
    return absl::FailedPreconditionError("no frame's result is awaited");
  }
  const PlannedFrame& planned = pending_->planned;
  const FrameType type = pending_->info.type;
  const double bits = static_cast<double>(std::max<int64_t>(0, result.bits));
  const double log_step = LogQuantizerStep(result.q_index);
  if (type == FrameType::kAltRef) alt_ref_log_step_ = log_step;
  if (type == FrameType::kInter) {
    reference_log_step_ = std::min(reference_log_step_, log_step);
  } else if (type != FrameType::kOverlay) {
    reference_log_step_ = log_step;
  }
  if (planned.share > 0 && planned.kind == CostKind::kLeaf) {
    recent_leaf_bits_[next_recent_leaf_] =
        bits / planned.cost.Bits(log_step) *
        planned.cost.Bits(FrameCost::kReferenceLogStep);
    next_recent_leaf_ = (next_recent_leaf_ + 1) % recent_leaf_bits_.size();
  }
  if (planned.share > 0) {
    LearnHabit(planned, log_step - LogQuantizerStep(pending_->q_index));
    if (options_.found_costs != nullptr) {
      options_.found_costs->Add(planned.kind, pending_->info.show_index,
                                planned.cost.Bits(log_step), bits);
    }
  }
  Learn(planned, type, result);
  pending_.reset();
  return absl::OkStatus();
}

absl::Status FeedbackController::OnFrameElsewhere(const FrameInfo& frame,
                                                  const FrameResult& result) {
  if (!plan_ || pending_) {
    return absl::FailedPreconditionError(
        plan_ ? "the last frame's result is missing"
              : "first-pass statistics are missing");
  }
  Learn(plan_->Take(frame), frame.type, result);
  return absl::OkStatus();
}

void FeedbackController::Learn(const PlannedFrame& planned, FrameType type,
                               const FrameResult& result) {
  const bool is_hidden = type == FrameType::kAltRef;
  const double bits = static_cast<double>(std::max<int64_t>(0, result.bits));
  spent_bits_ += bits;
  if (is_hidden) spent_bits_ += SuperframeIndexBits(result.bits);
  plan_->Drop(planned);
  if (planned.share > 0) {
    const double frames_left = model_->num_frames() - frames_shown_;
    correction_.Observe(
        planned.kind, planned.cost.Bits(LogQuantizerStep(result.q_index)), bits,
        std::max(kShortestMemory, kMemoryFraction * frames_left));
  }
  if (!is_hidden) ++frames_shown_;
}

}  // namespace encoder_bridge
