#ifndef ENCODER_BRIDGE_KEY_FRAMES_H_
#define ENCODER_BRIDGE_KEY_FRAMES_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

struct KeyFrameRules {
  int kf_max_dist = 128;  // libvpx's; 0 is as 1.
  // kf_min_dist is kf_max_dist: key frames at that distance and nowhere else.
  bool only_at_distance = false;
  int width = 0;          // Luma pixels.
  int height = 0;         // Luma pixels.
  double frame_rate = 0;  // Shown frames per second.
};

// Show indices, rising, of the frames that libvpx codes as key frames in a
// second pass with these statistics; 0 is the first.  Where FindSceneCuts()
// forecasts, this follows libvpx (vp9_get_frames_to_next_key, 1.12): scene
// cuts, still pictures behind motion, and the longest distance.
// REQUIRES: at least one frame.
std::vector<int> FindKeyFrames(absl::Span<const FirstPassFrameStats> stats,
                               const KeyFrameRules& rules);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_KEY_FRAMES_H_
