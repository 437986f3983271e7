#ifndef ENCODER_BRIDGE_CLIP_PLAN_H_
#define ENCODER_BRIDGE_CLIP_PLAN_H_

#include <cstddef>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {

// A forecast of all frames that libvpx has still to code, kept in step with
// what it really codes.
//
// libvpx decides on key frames and ARFs as it goes, so the forecast expects
// key frames at scene cuts and every `kf_max_dist` frames after the last, ARFs
// in groups of a usual length between them, and every shown frame as a leaf.
// The cost of an expected ARF is spread over the frames of its group: when
// groups turn out shorter or longer, the sum stays right.
//
// Call Take() before a frame is coded and Drop() after, in coding order.
// Each is O(1), amortised over the clip.
class ClipPlan {
 public:
  // Shown frames `first` to `end` - 1 of a clip, of which the first is a key
  // frame.
  struct Range {
    int first = 0;
    int end = 0;
  };

  // Adds the frames of `range` to `remaining`, which several plans of one clip
  // may share.  `model`, `offsets` and `remaining` must outlive this object.
  // `scene_cuts` are show indices, rising, all within the range and none its
  // first frame.
  // REQUIRES: at least one frame, `kf_max_dist` >= 1.
  ClipPlan(const RateModel& model, const StepOffsets& offsets,
           std::vector<int> scene_cuts, int kf_max_dist, Range range,
           BitPlan& remaining);

  // Makes the frame about to be coded part of the forecast as what it is, and
  // takes out what it was taken for.  Its `share` is 0 for an overlay, which
  // is as good as free.
  PlannedFrame Take(const FrameInfo& frame);

  // Takes the frame that Take() returned last out of the forecast.
  void Drop(const PlannedFrame& frame) { remaining_.Remove(frame); }

 private:
  PlannedFrame KeyAt(int show_index) const;
  PlannedFrame LeafAt(int show_index, FrameType type) const;
  PlannedFrame AltRefOf(int first, int last) const;

  // Of a frame's place in the range.
  size_t Place(int show_index) const {
    return static_cast<size_t>(show_index - range_.first);
  }

  void AddGroups(int first, int end);
  void TakeKey(int show_index);
  void SetLeafShare(int show_index, double share);
  void PassLeaves(int end);
  void PassAltRefShares(int end);
  void PassKeys(int end);

  const RateModel& model_;
  const StepOffsets& offsets_;
  const Range range_;
  const int kf_max_dist_;
  const std::vector<int> scene_cuts_;  // Show indices, rising.
  BitPlan& remaining_;

  // Of the frames of the range, from its first: what remaining_ holds, and an
  // index into alt_refs_, or -1.
  std::vector<double> leaf_shares_;
  std::vector<int> alt_ref_of_;
  std::vector<PlannedFrame> alt_refs_;  // Of one frame's share each.
  std::vector<int> keys_;  // Show indices, falling: the next is last.
  size_t next_cut_ = 0;    // Index into scene_cuts_.
  int leaves_passed_;      // Shown frames before this are not planned.
  int alt_ref_shares_passed_;
  bool has_alt_refs_ = false;
  int last_reference_;  // Show index of the last key frame or ARF.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CLIP_PLAN_H_
