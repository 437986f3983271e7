#ifndef ENCODER_BRIDGE_ENCODE_RESULT_H_
#define ENCODER_BRIDGE_ENCODE_RESULT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// One coded frame of a finished encode, in coding order.
struct CodedFrame {
  // Without the hook libvpx does not tell overlay and golden frames from
  // other inter frames: both are then kInter.
  FrameType type = FrameType::kInter;
  bool is_shown = true;
  int show_index = 0;
  int coding_index = 0;
  int gop_index = 0;           // 0 without the hook.
  int q_index = 0;             // As read from the frame's header.
  int64_t bits = 0;            // Of the frame alone, without superframe index.
  std::optional<int64_t> sse;  // Y+U+V against the source; none for ARFs.
  std::optional<double> psnr_db;  // Y+U+V together; none for ARFs.
};

// PSNR of the reconstruction against the source, over shown frames.
struct PsnrSummary {
  double mean_db = 0;    // Mean over frames of the PSNR of Y, U, V together.
  double global_db = 0;  // From the summed SSE of Y, U, V together.
  double y_db = 0;       // Mean over frames of the luma PSNR.
};

struct EncodeResult {
  std::vector<CodedFrame> frames;
  int shown_frames = 0;
  int64_t packet_bytes = 0;     // What the container gets, indices included.
  double duration_seconds = 0;  // Of the shown frames.
  double bitrate_kbps = 0;      // packet_bytes over duration_seconds.
  PsnrSummary psnr;
  double encode_seconds = 0;  // Wall time of the second pass.
};

// max(0, coded_bits / target_bits - 1), a fraction.  REQUIRES: target_bits > 0.
inline double Overshoot(double coded_bits, double target_bits) {
  return coded_bits > target_bits ? coded_bits / target_bits - 1 : 0;
}

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_ENCODE_RESULT_H_
