#include "selfplay/offset_plan.h"

#include <algorithm>
#include <cstddef>

namespace selfplay {
namespace {

using encoder_bridge::FrameType;

// Golden frames take this fraction of an ARF's offset, as feedback has it.
constexpr double kGoldenShare = 0.6;

}  // namespace

OffsetPlan OffsetPlan::None(int num_frames) {
  const std::vector<double> zeros(static_cast<size_t>(num_frames));
  return {.key = zeros, .alt_ref = zeros, .leaf = zeros};
}

double OffsetPlan::Of(FrameType type, int show_index) const {
  const auto i = static_cast<size_t>(show_index);
  switch (type) {
    case FrameType::kKey:
      return key[i];
    case FrameType::kAltRef:
      return alt_ref[i];
    case FrameType::kGolden:
      return leaf[i] + kGoldenShare * (alt_ref[i] - leaf[i]);
    case FrameType::kInter:
      return leaf[i];
    case FrameType::kOverlay:  // Free as it is.
      break;
  }
  return 0;
}

void AddToRange(std::vector<double>& offsets, int first, int end, double by) {
  const int size = static_cast<int>(offsets.size());
  for (int i = std::max(first, 0); i < std::min(end, size); ++i) {
    offsets[static_cast<size_t>(i)] += by;
  }
}

}  // namespace selfplay
