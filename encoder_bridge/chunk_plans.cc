#include "encoder_bridge/chunk_plans.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/clip_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {

ChunkPlans::ChunkPlans(const RateModel& model, const StepOffsets& offsets,
                       const std::vector<int>& scene_cuts, int kf_max_dist,
                       std::vector<int> chunk_starts)
    : chunk_starts_(std::move(chunk_starts)) {
  plans_.reserve(chunk_starts_.size() + 1);
  int first = 0;
  for (size_t i = 0; i <= chunk_starts_.size(); ++i) {
    const int end =
        i < chunk_starts_.size() ? chunk_starts_[i] : model.num_frames();
    std::vector<int> cuts(
        std::upper_bound(scene_cuts.begin(), scene_cuts.end(), first),
        std::lower_bound(scene_cuts.begin(), scene_cuts.end(), end));
    plans_.emplace_back(model, offsets, std::move(cuts), kf_max_dist,
                        ClipPlan::Range{.first = first, .end = end},
                        remaining_);
    first = end;
  }
}

PlannedFrame ChunkPlans::Take(const FrameInfo& frame) {
  const auto next = std::upper_bound(chunk_starts_.begin(), chunk_starts_.end(),
                                     frame.show_index);
  return plans_[static_cast<size_t>(next - chunk_starts_.begin())].Take(frame);
}

}  // namespace encoder_bridge
