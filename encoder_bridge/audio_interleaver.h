#ifndef ENCODER_BRIDGE_AUDIO_INTERLEAVER_H_
#define ENCODER_BRIDGE_AUDIO_INTERLEAVER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// Puts sound between the packets of a video as they come: before each, all
// that is heard until it is shown.  Sound is read, decoded and coded when it is
// its turn, so memory does not grow with its length.
//
// Call Start(), Write() for all packets of the video, then WriteRest() until
// there is no more.  Not thread-safe.
class AudioInterleaver : public PacketSink {
 public:
  // What was written of one track.
  struct Amount {
    int64_t bytes = 0;       // Of its packets.
    double seconds = 0;      // That they last.
    double end_seconds = 0;  // Of the last, by the output's clock.
  };

  // `writer`, and `tracks` in the order of its audio streams, must outlive this
  // object.
  AudioInterleaver(ContainerWriter& writer,
                   const std::vector<AudioTrack*>& tracks,
                   Rational video_time_base);

  void Start(const AudioSpan& span);

  absl::Status Write(const EncodedPacket& packet) override;

  // Writes ten more seconds, at most, of the sound after the last frame;
  // returns whether there may be more.
  absl::StatusOr<bool> WriteRest();

  // One for each track.
  std::vector<Amount> Amounts() const;

 private:
  struct Input {
    AudioTrack* track = nullptr;
    Rational time_base;
    PacketHandle upcoming;
    double upcoming_seconds = 0;  // Infinite after the last.
    Amount amount;
  };

  absl::Status ReadFirst();
  absl::Status ReadNext(Input& input);
  absl::Status WriteBefore(double seconds);
  Input* Earliest();

  ContainerWriter& writer_;
  const Rational video_time_base_;
  std::vector<Input> inputs_;
  bool has_first_ = false;  // Each input has its `upcoming`.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_INTERLEAVER_H_
