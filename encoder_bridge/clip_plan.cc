#include "encoder_bridge/clip_plan.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {
namespace {

// Shown frames from one ARF to the next in real encodes, on average.
constexpr int kUsualGroup = 13;
// Shorter stretches get no ARF.
constexpr int kShortestGroup = 4;
// If this many shown frames have come without any, there are none.
constexpr int kMaxFramesBeforeAltRef = 26;
// A frame that is not yet known to be no overlay.
constexpr double kLeafShare = 1 - 1.0 / kUsualGroup;

}  // namespace

ClipPlan::ClipPlan(const RateModel& model, const StepOffsets& offsets,
                   std::vector<int> scene_cuts, int kf_max_dist, Range range,
                   BitPlan& remaining)
    : model_(model),
      offsets_(offsets),
      range_(range),
      kf_max_dist_(kf_max_dist),
      scene_cuts_(std::move(scene_cuts)),
      remaining_(remaining),
      leaf_shares_(Place(range.end), 0),
      alt_ref_of_(Place(range.end), -1),
      leaves_passed_(range.first),
      alt_ref_shares_passed_(range.first),
      last_reference_(range.first) {
  assert(range.first < range.end && kf_max_dist_ > 0);
  for (int i = range.first; i < range.end; ++i) SetLeafShare(i, kLeafShare);
  int scene = range.first;
  std::vector<int> starts = scene_cuts_;
  starts.push_back(range.end);
  std::vector<int> keys = {range.first};
  for (const int next : starts) {
    for (int key = scene + kf_max_dist_; key < next; key += kf_max_dist_) {
      keys.push_back(key);
    }
    if (next < range.end) keys.push_back(next);
    scene = next;
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    remaining_.Add(KeyAt(keys[i]));
    SetLeafShare(keys[i], 0);
    AddGroups(keys[i] + 1, i + 1 < keys.size() ? keys[i + 1] : range.end);
  }
  keys_.assign(keys.rbegin(), keys.rend());
}

PlannedFrame ClipPlan::KeyAt(int show_index) const {
  return {.kind = CostKind::kKey,
          .cost = model_.KeyFrame(show_index),
          .follow = offsets_.key_follow(),
          .offset = offsets_.KeyOffset(show_index)};
}

PlannedFrame ClipPlan::LeafAt(int show_index, FrameType type) const {
  return {.kind = CostKind::kLeaf,
          .cost = model_.Leaf(show_index),
          .offset = offsets_.Of(type, show_index)};
}

PlannedFrame ClipPlan::AltRefOf(int first, int last) const {
  return {
      .kind = model_.HasCut(first, last) ? CostKind::kKey : CostKind::kAltRef,
      .cost = model_.AltRef(first, last),
      .offset = offsets_.OfAltRef(last, last + 1 - first)};
}

// Shown frames `first` to `end` - 1, in groups of equal length.
void ClipPlan::AddGroups(int first, int end) {
  const int length = end - first;
  if (length < kShortestGroup) return;
  const int groups = std::max(1, (length + kUsualGroup / 2) / kUsualGroup);
  for (int g = 0; g < groups; ++g) {
    const int from = first + length * g / groups;
    const int to = first + length * (g + 1) / groups;
    PlannedFrame alt_ref = AltRefOf(from, to - 1);
    alt_ref.share = 1.0 / (to - from);
    for (int i = from; i < to; ++i) {
      alt_ref_of_[Place(i)] = static_cast<int>(alt_refs_.size());
      remaining_.Add(alt_ref);
    }
    alt_refs_.push_back(alt_ref);
  }
}

void ClipPlan::SetLeafShare(int show_index, double share) {
  double& old_share = leaf_shares_[Place(show_index)];
  if (share == old_share) return;
  PlannedFrame leaf = LeafAt(show_index, FrameType::kInter);
  leaf.share = old_share;
  if (old_share > 0) remaining_.Remove(leaf);
  leaf.share = share;
  if (share > 0) remaining_.Add(leaf);
  old_share = share;
}

void ClipPlan::PassLeaves(int end) {
  for (; leaves_passed_ < end; ++leaves_passed_) {
    SetLeafShare(leaves_passed_, 0);
  }
}

void ClipPlan::PassAltRefShares(int end) {
  for (; alt_ref_shares_passed_ < end; ++alt_ref_shares_passed_) {
    const int group = alt_ref_of_[Place(alt_ref_shares_passed_)];
    if (group >= 0) remaining_.Remove(alt_refs_[static_cast<size_t>(group)]);
  }
}

void ClipPlan::PassKeys(int end) {
  while (!keys_.empty() && keys_.back() < end) {
    remaining_.Remove(KeyAt(keys_.back()));
    keys_.pop_back();
  }
}

// libvpx counts kf_max_dist from the key frame that really came.
void ClipPlan::TakeKey(int show_index) {
  const bool as_planned = !keys_.empty() && keys_.back() == show_index;
  PassKeys(show_index + 1);
  if (as_planned) return;
  while (next_cut_ < scene_cuts_.size() &&
         scene_cuts_[next_cut_] <= show_index) {
    ++next_cut_;
  }
  const int end =
      next_cut_ < scene_cuts_.size() ? scene_cuts_[next_cut_] : range_.end;
  PassKeys(end);
  const size_t first_forced = keys_.size();
  for (int key = show_index + kf_max_dist_; key < end; key += kf_max_dist_) {
    remaining_.Add(KeyAt(key));
    keys_.push_back(key);
  }
  std::reverse(keys_.begin() + static_cast<std::ptrdiff_t>(first_forced),
               keys_.end());
}

PlannedFrame ClipPlan::Take(const FrameInfo& info) {
  const int show_index =
      std::clamp(info.show_index, range_.first, range_.end - 1);
  PlannedFrame frame;
  switch (info.type) {
    case FrameType::kKey:
      TakeKey(show_index);
      PassLeaves(show_index + 1);
      PassAltRefShares(show_index + 1);
      last_reference_ = show_index;
      frame = KeyAt(show_index);
      break;
    case FrameType::kAltRef:
      PassKeys(show_index + 1);
      PassAltRefShares(show_index + 1);
      for (int i = leaves_passed_; i < show_index; ++i) SetLeafShare(i, 1);
      SetLeafShare(show_index, 0);
      frame = AltRefOf(std::min(last_reference_ + 1, show_index), show_index);
      last_reference_ = show_index;
      has_alt_refs_ = true;
      break;
    case FrameType::kInter:
    case FrameType::kGolden:
    case FrameType::kOverlay:
      PassKeys(show_index + 1);
      PassLeaves(show_index + 1);
      PassAltRefShares(show_index + 1);
      if (!has_alt_refs_ &&
          show_index - range_.first >= kMaxFramesBeforeAltRef) {
        PassAltRefShares(range_.end);
      }
      frame = LeafAt(show_index, info.type);
      if (info.type == FrameType::kOverlay) frame.share = 0;
      break;
  }
  remaining_.Add(frame);
  return frame;
}

}  // namespace encoder_bridge
