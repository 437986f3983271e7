#ifndef ENCODER_BRIDGE_SCENE_CUTS_H_
#define ENCODER_BRIDGE_SCENE_CUTS_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// Show indices, rising, of the frames that libvpx is likely to code as key
// frames because they open a new scene.  Frame 0 is not among them.  It is a
// forecast: libvpx looks further ahead than this does.  O(frames).
std::vector<int> FindSceneCuts(absl::Span<const FirstPassFrameStats> stats);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SCENE_CUTS_H_
