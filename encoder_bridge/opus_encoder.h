#ifndef ENCODER_BRIDGE_OPUS_ENCODER_H_
#define ENCODER_BRIDGE_OPUS_ENCODER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"

struct AVCodecParameters;

namespace encoder_bridge {

// Codes sound as Opus, in packets of 20 ms.  Channels are in the order of
// FFmpeg's layout with their number (1 to 8) that Vorbis has too: mono, stereo,
// 3.0, quad, 5.0, 5.1, 6.1, 7.1.  Not thread-safe.
class OpusEncoder {
 public:
  static constexpr int kSampleRate = 48000;  // Opus's own.
  static constexpr int kMaxChannels = 8;

  // 64 kbit/s for each of one or two channels, 32 for each further one.
  static int64_t DefaultBitsPerSecond(int channels);

  // FFmpeg's name of the layout described above.
  static const char* LayoutOf(int channels);

  // The bitrate is that of all channels together; more than 256 kbit/s for
  // each is cut to that.  NotFound if FFmpeg was built without libopus.
  // REQUIRES: channels in [1, 8].
  static absl::StatusOr<std::unique_ptr<OpusEncoder>> Create(
      int channels, int64_t bits_per_second);

  // Adds samples, interleaved, from `position` (in samples) on if they are the
  // first.
  absl::Status Append(std::span<const float> samples, int64_t position);

  // Codes what is left.  Call once, after the last Append().
  absl::Status Finish();

  // Makes `packet` the next one; false if there is none yet.  Timestamps are in
  // samples; what the decoder drops at the start has those before the first.
  bool TakePacket(AVPacket& packet);

  // What a container has to know of the stream.
  CodecParametersHandle Parameters() const;
  int channels() const { return channels_; }

 private:
  OpusEncoder(CodecHandle codec, int channels);

  absl::Status CodeBlock(std::span<const float> block);
  absl::Status Send(const AVFrame* frame);

  const CodecHandle codec_;
  const int channels_;
  std::vector<float> waiting_;       // Less than a packet, interleaved.
  std::optional<int64_t> position_;  // Of the first sample that waits.
  std::deque<PacketHandle> packets_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_OPUS_ENCODER_H_
