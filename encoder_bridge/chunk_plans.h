#ifndef ENCODER_BRIDGE_CHUNK_PLANS_H_
#define ENCODER_BRIDGE_CHUNK_PLANS_H_

#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/clip_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {

// The forecast of a clip that is coded in chunks, each from a key frame on and
// by an encoder of its own: a ClipPlan of each, and one sum of all.
//
// Call Take() before a frame is coded and Drop() after; in coding order within
// a chunk, in any order between chunks.
class ChunkPlans {
 public:
  // `model` and `offsets` must outlive this object.  `scene_cuts` and
  // `chunk_starts` are show indices, rising, none of them 0; without
  // `chunk_starts` the clip is one chunk.
  // REQUIRES: at least one frame, `kf_max_dist` >= 1.
  ChunkPlans(const RateModel& model, const StepOffsets& offsets,
             const std::vector<int>& scene_cuts, int kf_max_dist,
             std::vector<int> chunk_starts);
  // The chunks' plans know where the sum is.
  ChunkPlans(const ChunkPlans&) = delete;
  ChunkPlans& operator=(const ChunkPlans&) = delete;

  // As ClipPlan's, of the chunk that the frame is in.
  PlannedFrame Take(const FrameInfo& frame);
  void Drop(const PlannedFrame& frame) { remaining_.Remove(frame); }

  // Everything still to be coded, the frames just taken with it.
  const BitPlan& remaining() const { return remaining_; }

 private:
  const std::vector<int> chunk_starts_;
  BitPlan remaining_;
  std::vector<ClipPlan> plans_;  // Of each chunk, in the order of the clip.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNK_PLANS_H_
