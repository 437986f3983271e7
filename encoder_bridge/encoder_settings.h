#ifndef ENCODER_BRIDGE_ENCODER_SETTINGS_H_
#define ENCODER_BRIDGE_ENCODER_SETTINGS_H_

#include <optional>

#include "absl/status/status.h"

namespace encoder_bridge {

// From here on libvpx is as fast as it gets with the `--good` deadline.
inline constexpr int kFastestCpuUsed = 5;

// libvpx's own settings with libvpx's names (vpx_encoder.h, vp8cx.h).  Unset
// means libvpx's default, so that an encode without the hook is what vpxenc
// makes of the same command line.
struct EncoderSettings {
  int cpu_used = 4;        // 0 (slowest) to 8; `--good` deadline.
  int lag_in_frames = 25;  // Look-ahead; 0 to 25.
  int auto_alt_ref = 1;    // 0 to 1.  Above 1 the hook loses its pairing.
  bool enable_tpl = true;  // Temporal dependency model.
  int threads = 1;         // Threads of libvpx.
  bool row_mt = false;     // Row-based multi-threading.
  std::optional<int> tile_columns;  // log2 of the columns; 0 to 6.
  std::optional<int> tile_rows;     // log2 of the rows; 0 to 2.
  std::optional<int> kf_max_dist;   // Frames between key frames, at most.
  std::optional<int> kf_min_dist;   // Frames between key frames, at least.
  std::optional<int> frame_parallel;
  std::optional<int> aq_mode;         // 0 to 4.
  std::optional<int> arnr_maxframes;  // 0 to 15.
  std::optional<int> arnr_strength;   // 0 to 6.
  std::optional<int> tune_content;    // 0 default, 1 screen, 2 film.

  // Returns InvalidArgument that names the first value out of range.
  absl::Status Validate() const;
};

// Who decides on the quantizers in the second pass.
enum class RateControlMode {
  kVbr,              // libvpx's two-pass VBR.
  kConstantQuality,  // libvpx's --end-usage=q at `cq_level`.
  kExternal,         // A RateController behind the hook.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_ENCODER_SETTINGS_H_
