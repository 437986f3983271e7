#ifndef ENCODER_BRIDGE_VPX_ENCODER_H_
#define ENCODER_BRIDGE_VPX_ENCODER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/video_frame.h"

struct vpx_codec_ctx;

namespace encoder_bridge {

// Whether libvpx was built with high bit depth, for VP9 profile 2.
bool LibvpxCodesTenBits();

// One pass of libvpx's VP9 encoder as a C++ object: settings in, frames in,
// packets out; profile 0, or 2 for frames of 10 bits.  Knows nothing of files
// or controllers.  Not thread-safe.
class VpxEncoder {
 public:
  struct Options {
    VideoFormat format;
    EncoderSettings settings;
    int pass = 1;  // 1 or 2.
    RateControlMode mode = RateControlMode::kVbr;
    int target_bitrate_kbps = 0;
    int cq_level = 0;
    int min_q_index = 1;  // libvpx's own rate control goes no finer.
    // Pass 2: the first pass's packets; must outlive the encoder.
    const std::string* first_pass_stats = nullptr;
  };

  // What comes out; spans are valid until the next Encode().
  struct Packet {
    enum class Kind { kFrame, kFirstPassStats, kPsnr, kOther };
    Kind kind = Kind::kOther;
    std::span<const uint8_t> data;  // kFrame, kFirstPassStats.
    int64_t pts = 0;                // kFrame: ticks of the format's time base.
    int64_t duration = 0;           // kFrame: ticks.
    bool is_key = false;            // kFrame.
    // kPsnr, of one shown frame: all planes together, Y, U, V.
    std::array<double, 4> psnr_db = {};
    std::array<uint64_t, 4> sse = {};
    std::array<uint32_t, 4> samples = {};
  };

  static absl::StatusOr<std::unique_ptr<VpxEncoder>> Create(
      const Options& options);

  ~VpxEncoder();
  VpxEncoder(const VpxEncoder&) = delete;
  VpxEncoder& operator=(const VpxEncoder&) = delete;

  // Gives the encoder its next frame; nullptr flushes what it holds.  Then
  // take all packets.
  absl::Status Encode(const VideoFrame* frame);

  // Returns the next packet of the last Encode(), or nothing.
  std::optional<Packet> NextPacket();

  // For registering the rate-control hook.
  vpx_codec_ctx* handle();

 private:
  class Impl;
  explicit VpxEncoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VPX_ENCODER_H_
