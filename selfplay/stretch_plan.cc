#include "selfplay/stretch_plan.h"

#include <algorithm>
#include <cassert>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/frame_complexity.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameType;

// A video that is overspent still has stretches with a budget.
constexpr double kMinBits = 1;

bool StartsGroup(const FrameInfo& frame) {
  return frame.type == FrameType::kKey ||
         (frame.type != FrameType::kAltRef && frame.gop_index == 0);
}

}  // namespace

StretchPlan::StretchPlan(const FrameComplexity& complexity, int nominal_frames)
    : complexity_(complexity), nominal_frames_(nominal_frames) {
  assert(complexity.num_frames() > 0 && nominal_frames > 0);
}

void StretchPlan::Start(int show_index, double bits_left) {
  begin_ = show_index;
  const int frames_left = complexity_.num_frames() - begin_;
  const bool is_last = 2.0 * frames_left < 3.0 * nominal_frames_;
  end_ = begin_ + (is_last ? frames_left : nominal_frames_);
  video_bits_left_ = std::max(kMinBits, bits_left);
}

bool StretchPlan::Announce(const FrameInfo& frame, double bits_left) {
  const int show_index =
      std::clamp(frame.show_index, begin_, complexity_.num_frames() - 1);
  const bool is_over = show_index - begin_ >= nominal_frames_ &&
                       end_ < complexity_.num_frames() && StartsGroup(frame);
  const bool starts = end_ == 0 || is_over;
  if (starts) Start(end_ == 0 ? 0 : show_index, bits_left);
  end_ = std::max(end_, show_index + 1);
  return starts;
}

double StretchPlan::budget_bits() const {
  return video_bits_left_ * complexity_.Bits(begin_, end_) /
         complexity_.Bits(begin_, complexity_.num_frames());
}

double StretchPlan::BitsLeft(double bits_left) const {
  return budget_bits() - (video_bits_left_ - bits_left);
}

}  // namespace selfplay
