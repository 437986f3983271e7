#include "tests/capi/hosted_encode.h"

#include <gtest/gtest.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_codec.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/vp9_frame_header.h"
#include "encoder_bridge/vpx_encoder.h"
#include "tests/testing/synthetic_clip.h"

namespace capi {
namespace {

using encoder_bridge::VideoFormat;
using encoder_bridge::VideoFrame;
using encoder_bridge::VpxEncoder;

// A clip on a finer time base.
class Stretched : public encoder_bridge::FrameSource {
 public:
  Stretched(const testing_support::SyntheticClipOptions& options, int ticks)
      : clip_(options), ticks_(ticks), format_(clip_.format()) {
    format_.time_base.den *= ticks;
  }
  const VideoFormat& format() const override { return format_; }
  absl::StatusOr<const VideoFrame*> Next() override {
    const auto frame = clip_.Next();
    if (!frame.ok() || *frame == nullptr) return frame;
    frame_ = **frame;
    frame_.pts *= ticks_;
    frame_.duration *= ticks_;
    return &frame_;
  }
  absl::Status Rewind() override { return clip_.Rewind(); }

 private:
  testing_support::SyntheticClip clip_;
  const int ticks_;
  VideoFormat format_;
  VideoFrame frame_;
};

std::string FirstPass(Stretched& source) {
  const auto encoder = VpxEncoder::Create(
      {.format = source.format(), .settings = {.cpu_used = 8}, .pass = 1});
  std::string stats;
  for (const VideoFrame* frame = source.Next().value();;
       frame = source.Next().value()) {
    EXPECT_TRUE((*encoder)->Encode(frame).ok());
    while (const auto packet = (*encoder)->NextPacket()) {
      stats.append(packet->data.begin(), packet->data.end());
    }
    if (frame == nullptr) return stats;
  }
}

}  // namespace

HostedEncodeResult EncodeWith(vpx_rc_funcs_t functions,
                              const HostedEncodeOptions& options) {
  Stretched source(options.clip, options.ticks_per_frame);
  const std::string stats = FirstPass(source);
  EXPECT_TRUE(source.Rewind().ok());
  HostedEncodeResult result;
  const auto encoder =
      VpxEncoder::Create({.format = source.format(),
                          .settings = {.cpu_used = 8},
                          .pass = 2,
                          .target_bitrate_kbps = options.target_bitrate_kbps,
                          .first_pass_stats = &stats});
  result.is_registered =
      vpx_codec_control((*encoder)->handle(), VP9E_SET_EXTERNAL_RATE_CONTROL,
                        &functions) == VPX_CODEC_OK;
  for (int i = 0;; ++i) {
    if (i == options.pause_after) options.pause();
    const VideoFrame* frame = source.Next().value();
    result.status = (*encoder)->Encode(frame);
    if (!result.status.ok()) return result;
    const size_t before = result.packets.size();
    while (const auto packet = (*encoder)->NextPacket()) {
      if (packet->kind != VpxEncoder::Packet::Kind::kFrame) continue;
      result.packets.emplace_back(packet->data.begin(), packet->data.end());
    }
    if (frame == nullptr && result.packets.size() == before) return result;
  }
}

double BitrateKbps(const HostedEncodeResult& result) {
  size_t bytes = 0;
  for (const auto& packet : result.packets) bytes += packet.size();
  return static_cast<double>(bytes) * 8 / 1000 /
         (static_cast<double>(result.packets.size()) / 30);
}

std::vector<int> QIndicesIn(const std::vector<std::vector<uint8_t>>& packets) {
  std::vector<int> q_indices;
  for (const auto& packet : packets) {
    const auto headers = encoder_bridge::ParseVp9Packet(packet);
    EXPECT_TRUE(headers.ok());
    for (const auto& header : *headers) {
      if (!header.show_existing_frame) q_indices.push_back(header.q_index);
    }
  }
  return q_indices;
}

}  // namespace capi
