#include "selfplay/quantizer_plan.h"

#include <algorithm>
#include <cstddef>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/scene_cuts.h"
#include "encoder_bridge/step_offsets.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameType;

// Golden frames take this fraction of an ARF's offset; as StepOffsetOptions.
constexpr double kGoldenShare = 0.6;

}  // namespace

double QuantizerPlan::LogStep(FrameType type, int show_index) const {
  const auto i = static_cast<size_t>(show_index);
  switch (type) {
    case FrameType::kKey:
      return key_follow * log_base + key[i];
    case FrameType::kAltRef:
      return log_base + alt_ref[i];
    case FrameType::kGolden:
      return log_base + leaf[i] + kGoldenShare * (alt_ref[i] - leaf[i]);
    case FrameType::kInter:
    case FrameType::kOverlay:
      break;
  }
  return log_base + leaf[i];
}

int QuantizerPlan::QIndex(FrameType type, int show_index) const {
  return encoder_bridge::QIndexForLogStep(LogStep(type, show_index));
}

QuantizerPlan QuantizerPlan::Shifted(double by) const {
  QuantizerPlan shifted = *this;
  shifted.log_base += by;
  return shifted;
}

QuantizerPlan RulePlan(int width, int height,
                       absl::Span<const FirstPassFrameStats> stats) {
  const encoder_bridge::RateModel model(width, height, stats);
  std::vector<double> leaf_log_bits;
  for (int i = 0; i < model.num_frames(); ++i) {
    leaf_log_bits.push_back(model.Leaf(i).log_bits);
  }
  const encoder_bridge::StepOffsets offsets(
      stats, leaf_log_bits, encoder_bridge::FindSceneCuts(stats), {});
  QuantizerPlan plan;
  plan.key_follow = offsets.key_follow();
  for (int i = 0; i < model.num_frames(); ++i) {
    plan.key.push_back(offsets.KeyOffset(i));
    plan.alt_ref.push_back(offsets.Of(FrameType::kAltRef, i));
    plan.leaf.push_back(offsets.Of(FrameType::kInter, i));
  }
  return plan;
}

void AddToRange(std::vector<double>& offsets, int first, int end, double by) {
  const int size = static_cast<int>(offsets.size());
  for (int i = std::max(first, 0); i < std::min(end, size); ++i) {
    offsets[static_cast<size_t>(i)] += by;
  }
}

}  // namespace selfplay
