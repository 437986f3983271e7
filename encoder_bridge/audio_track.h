#ifndef ENCODER_BRIDGE_AUDIO_TRACK_H_
#define ENCODER_BRIDGE_AUDIO_TRACK_H_

#include <optional>

#include "absl/status/statusor.h"

struct AVCodecParameters;
struct AVPacket;

namespace encoder_bridge {

// The part of the source that is wanted, by the clock of its timestamps.
struct AudioSpan {
  double origin_seconds = 0;  // The output's time 0.
  // How long the output is; nothing: to the end of the source.
  std::optional<double> duration_seconds;
};

// The packets of one audio stream as the output has them.
//
// Call Start() once, then Next() until it returns false.  Not thread-safe.
class AudioTrack {
 public:
  virtual ~AudioTrack() = default;

  // What a container has to know of the stream.
  virtual const AVCodecParameters& parameters() const = 0;

  virtual void Start(const AudioSpan& span) = 0;

  // Makes `packet` the next one; false after the last.  Timestamps ascend;
  // they are in samples (1 / sample_rate) from the output's time 0, before it
  // only as far as the codec needs.
  virtual absl::StatusOr<bool> Next(AVPacket& packet) = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_TRACK_H_
