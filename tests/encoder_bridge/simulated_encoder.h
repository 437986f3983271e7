#ifndef TESTS_ENCODER_BRIDGE_SIMULATED_ENCODER_H_
#define TESTS_ENCODER_BRIDGE_SIMULATED_ENCODER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// How the bits of a simulated frame follow from its q_index.
struct SimulationOptions {
  int group_length = 12;         // Shown frames from ARF to ARF; 0: no ARFs.
  int key_distance = 128;        // Shown frames from key to key.
  double bits_per_frame = 4000;  // Of a leaf at q_index 136.
  double key_factor = 12;        // Key frame's bits over a leaf's, same q.
  // An ARF's bits over a leaf's, same q, for a group of 12 frames; they grow
  // with the square root of its length.
  double alt_ref_factor = 3;
  // What a leaf's ln(bits) rise by, beyond the usual, for each ln by which its
  // step is below those of the frames that it is predicted from.
  double below_reference = 0;
  double noise = 0;  // Standard deviation of ln(bits) of every frame.
  uint64_t seed = 1;
};

struct SimulatedFrame {
  FrameInfo info;
  FrameResult result;
};

struct SimulationResult {
  std::vector<SimulatedFrame> frames;  // In coding order.
  double bits = 0;

  // Mean q_index of the frames of `type`, from coded frame `from` on.
  double MeanQIndex(FrameType type, size_t from = 0) const;
};

// Statistics of `num_frames` frames like those of a moderately moving clip.
std::vector<FirstPassFrameStats> SteadyStats(int num_frames);

// Runs `controller` through a clip whose frames cost what the options say:
// the calls and frame types are those of libvpx, the bits are made up.  Fails
// the test if the controller fails or chooses a q_index out of range.
SimulationResult Simulate(RateController& controller,
                          absl::Span<const FirstPassFrameStats> stats,
                          const SimulationOptions& options);

}  // namespace encoder_bridge

#endif  // TESTS_ENCODER_BRIDGE_SIMULATED_ENCODER_H_
