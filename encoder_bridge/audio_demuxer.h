#ifndef ENCODER_BRIDGE_AUDIO_DEMUXER_H_
#define ENCODER_BRIDGE_AUDIO_DEMUXER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/packet_clock.h"

struct AVStream;

namespace encoder_bridge {

// Reads the packets of one audio stream of a local file, which it has open for
// itself.  Not thread-safe.
class AudioDemuxer {
 public:
  // Errors, each naming the path: NotFound, PermissionDenied,
  // InvalidArgument.
  static absl::StatusOr<std::unique_ptr<AudioDemuxer>> Open(
      const std::string& path, int stream_index);

  // Makes `packet` the next of the stream; false after the last that can be
  // read.
  bool Read(AVPacket& packet);

  AVStream& stream() const { return *stream_; }

 private:
  AudioDemuxer(InputHandle input, AVStream* stream, AVStream* video);

  const InputHandle input_;
  AVStream* const stream_;  // Owned by `input_`.
  // Of the video, which `clock_` follows where timestamps start again.
  AVStream* const video_;  // May be null; owned by `input_`.
  std::optional<PacketClock> video_clock_;
  PacketClock clock_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_DEMUXER_H_
