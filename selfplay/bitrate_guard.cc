#include "selfplay/bitrate_guard.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::BitPlan;
using encoder_bridge::CostFactors;
using encoder_bridge::FeedbackOutlook;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::LogQuantizerStep;
using encoder_bridge::MaxLogQuantizerStep;
using encoder_bridge::MinLogQuantizerStep;
using encoder_bridge::PlannedFrame;
using encoder_bridge::QIndexForLogStep;

constexpr CostFactors kAsItIs = {1, 1, 1};
// Coded frames after which a clip is half known.
constexpr double kFramesToKnow = 32;
// Halvings of the grid of bases: 1e-4 in ln.
constexpr int kBisections = 17;
// A step counts as in the corridor if it is by this little outside.
constexpr double kRounding = 1e-9;

double ClampedLogStep(const PlannedFrame& frame, double log_base) {
  return std::clamp(frame.LogStep(log_base), MinLogQuantizerStep(),
                    MaxLogQuantizerStep());
}

// What is to be coded after the frame, at `log_base`.
double BitsOfRest(const FeedbackOutlook& outlook, double log_base) {
  const double with_frame = outlook.remaining->Bits(log_base, outlook.factors);
  const double frame = outlook.frame.share * outlook.FrameBits(ClampedLogStep(
                                                 outlook.frame, log_base));
  return std::max(0.0, with_frame - frame);
}

// The step at which the frame is predicted to take `bits`.
double LogStepFor(const FeedbackOutlook& outlook, double bits) {
  if (!(bits > 0)) return MaxLogQuantizerStep();
  const double reference = encoder_bridge::FrameCost::kReferenceLogStep;
  const double log_step =
      reference +
      std::log(outlook.FrameBits(reference) / bits) / -outlook.frame.cost.slope;
  return std::clamp(log_step, MinLogQuantizerStep(), MaxLogQuantizerStep());
}

}  // namespace

absl::Status GuardOptions::Validate() const {
  const struct {
    const char* name;
    double value;
    double min;
  } kFields[] = {{"width", width, 0},
                 {"finer_reference_width", finer_reference_width, 0},
                 {"max_borrowing", max_borrowing, 0},
                 {"max_saving", max_saving, 0},
                 {"rest_risk", rest_risk, 0},
                 {"floor_risk", floor_risk, 0},
                 {"frame_risk", frame_risk, 1},
                 {"late_frame_risk", late_frame_risk, 0},
                 {"max_leaf_fall", max_leaf_fall, 0},
                 {"tolerance", tolerance, 0}};
  for (const auto& field : kFields) {
    if (!(field.value >= field.min) || !std::isfinite(field.value)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the guard's ", field.name, " is ", field.value,
                       ", not a number of at least ", field.min));
    }
  }
  return absl::OkStatus();
}

int StepCorridor::Nearest(int q_index) const {
  const double log_step = LogQuantizerStep(q_index);
  if (log_step < finest - kRounding) {
    // The nearest may be just outside; a q_index more is inside.
    const int nearest = QIndexForLogStep(finest);
    return LogQuantizerStep(nearest) < finest - kRounding &&
                   LogQuantizerStep(nearest) < MaxLogQuantizerStep() &&
                   LogQuantizerStep(nearest + 1) <= coarsest + kRounding
               ? nearest + 1
               : nearest;
  }
  if (log_step > coarsest + kRounding) {
    const int nearest = QIndexForLogStep(coarsest);
    return LogQuantizerStep(nearest) > coarsest + kRounding &&
                   LogQuantizerStep(nearest) > MinLogQuantizerStep() &&
                   LogQuantizerStep(nearest - 1) >= finest - kRounding
               ? nearest - 1
               : nearest;
  }
  return q_index;
}

BitrateGuard::BitrateGuard(const GuardOptions& options) : options_(options) {}

double BitrateGuard::NeutralLogBase(const FeedbackOutlook& outlook) const {
  double low = BitPlan::MinLogBase();
  double high = BitPlan::MaxLogBase();
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2;
    const double bits = past_.Bits(middle, kAsItIs) +
                        outlook.remaining->Bits(middle, outlook.factors);
    (bits > outlook.goal_bits ? low : high) = middle;
  }
  return high;
}

StepCorridor BitrateGuard::Corridor(FrameType type,
                                    const FeedbackOutlook& outlook) const {
  const double neutral = NeutralLogBase(outlook);
  const bool is_leaf = type == FrameType::kInter || type == FrameType::kOverlay;
  const double finer_width =
      is_leaf ? options_.width : options_.finer_reference_width;
  const double progress = 1 - outlook.frames_left;
  const double risk =
      options_.frame_risk + options_.late_frame_risk * progress * progress;

  // What is known of leaves was learnt at coarser steps, and noise that costs
  // nothing there may cost a lot at finer ones: the model's word is the least.
  const double doubt =
      is_leaf
          ? std::max(
                1.0,
                1 / outlook.factors[static_cast<size_t>(outlook.frame.kind)])
          : 1;

  // From above: with the rest as coarse as it may get, and dearer than thought.
  const double borrowed = (1 + options_.rest_risk) *
                          BitsOfRest(outlook, neutral + options_.max_borrowing);
  const double at_worst =
      (1 + options_.floor_risk / (1 + frames_coded_ / kFramesToKnow)) *
      BitsOfRest(outlook, BitPlan::MaxLogBase());
  const double most = (1 + options_.tolerance) * outlook.goal_bits -
                      outlook.spent_bits - std::max(borrowed, at_worst);
  double finest = std::max(outlook.proposed_log_step - finer_width,
                           LogStepFor(outlook, most / (doubt * risk)));
  if (is_leaf) {
    finest =
        std::max(finest, outlook.reference_log_step - options_.max_leaf_fall);
  }

  // From below: with the rest as fine as it may get.
  const double least = (1 - options_.tolerance) * outlook.goal_bits -
                       outlook.spent_bits -
                       (1 - options_.rest_risk) *
                           BitsOfRest(outlook, neutral - options_.max_saving);
  double coarsest = outlook.proposed_log_step + options_.width;
  if (least > 0 && outlook.frame.share > 0) {
    coarsest = std::min(coarsest, LogStepFor(outlook, least));
  }
  return {.finest = std::min(finest, outlook.proposed_log_step),
          .coarsest = std::max(coarsest, outlook.proposed_log_step)};
}

void BitrateGuard::OnFrameEncoded(const FeedbackOutlook& outlook,
                                  const FrameResult& result) {
  ++frames_coded_;
  PlannedFrame frame = outlook.frame;
  if (frame.share <= 0) return;
  const double bits = static_cast<double>(std::max<int64_t>(1, result.bits));
  const double predicted = frame.cost.Bits(LogQuantizerStep(result.q_index));
  frame.cost.log_bits += std::log(bits / predicted);
  past_.Add(frame);
}

}  // namespace selfplay
