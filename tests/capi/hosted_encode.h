#ifndef TESTS_CAPI_HOSTED_ENCODE_H_
#define TESTS_CAPI_HOSTED_ENCODE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "capi/muzero_rc.h"
#include "tests/testing/synthetic_clip.h"

namespace capi {

struct HostedEncodeOptions {
  testing_support::SyntheticClipOptions clip = {.num_frames = 40};
  int target_bitrate_kbps = 15;
  // Ticks for each frame of the encoder's time base.
  int ticks_per_frame = 1;
  // Called when this many frames were given to the encoder.
  int pause_after = 0;
  std::function<void()> pause = [] {};
};

struct HostedEncodeResult {
  bool is_registered = false;
  absl::Status status;  // Of the encoder.
  std::vector<std::vector<uint8_t>> packets;
};

// What a program does that has encoders of its own: both passes, cpu-used 8,
// with `functions` registered for the second.
HostedEncodeResult EncodeWith(vpx_rc_funcs_t functions,
                              const HostedEncodeOptions& options = {});

// Of the packets of a clip at 30 frames a second.
double BitrateKbps(const HostedEncodeResult& result);

// The q_index of every coded frame, read from the stream.
std::vector<int> QIndicesIn(const std::vector<std::vector<uint8_t>>& packets);

}  // namespace capi

#endif  // TESTS_CAPI_HOSTED_ENCODE_H_
