#include "selfplay/frame_complexity.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "encoder_bridge/rate_model.h"

namespace selfplay {
namespace {

// ln of the quantizer steps of an encode at a usual rate: q_index 180 and so
// much finer as FeedbackController would have ARFs and key frames.
constexpr double kLeafLogStep = 6.1;
constexpr double kAltRefLogStep = 5.5;
constexpr double kKeyLogStep = 4.9;
// Shown frames from one ARF to the next, on average.
constexpr int kUsualGroup = 13;

}  // namespace

FrameComplexity::FrameComplexity(const encoder_bridge::RateModel& model,
                                 const std::vector<bool>& is_key) {
  const int num_frames = model.num_frames();
  assert(is_key.size() == static_cast<size_t>(num_frames));
  sums_.reserve(static_cast<size_t>(num_frames) + 1);
  sums_.push_back(0);
  double alt_ref_bits = 0;  // For each frame of the group.
  for (int i = 0; i < num_frames; ++i) {
    if (i % kUsualGroup == 0) {
      const int end = std::min(num_frames, i + kUsualGroup);
      alt_ref_bits = model.AltRef(i, end - 1).Bits(kAltRefLogStep) / (end - i);
    }
    const double bits = is_key[static_cast<size_t>(i)]
                            ? model.KeyFrame(i).Bits(kKeyLogStep)
                            : model.Leaf(i).Bits(kLeafLogStep);
    sums_.push_back(sums_.back() + bits + alt_ref_bits);
  }
}

double FrameComplexity::Bits(int begin, int end) const {
  return sums_[static_cast<size_t>(end)] - sums_[static_cast<size_t>(begin)];
}

}  // namespace selfplay
