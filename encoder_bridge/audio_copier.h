#ifndef ENCODER_BRIDGE_AUDIO_COPIER_H_
#define ENCODER_BRIDGE_AUDIO_COPIER_H_

#include <cstdint>
#include <limits>
#include <memory>

#include "absl/status/statusor.h"
#include "encoder_bridge/audio_demuxer.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/ffmpeg_handles.h"

namespace encoder_bridge {

// An audio stream as it is.  Packets that begin before the span or after it
// are left out: what is heard begins and ends within a packet of it.
class AudioCopier : public AudioTrack {
 public:
  struct Options {
    // The container hides what a packet has before time 0 (MP4's edit list).
    bool may_begin_early = false;
  };

  AudioCopier(std::unique_ptr<AudioDemuxer> demuxer, const Options& options);

  const AVCodecParameters& parameters() const override { return *parameters_; }
  void Start(const AudioSpan& span) override;
  absl::StatusOr<bool> Next(AVPacket& packet) override;

 private:
  void MoveToOutput(AVPacket& packet);

  const std::unique_ptr<AudioDemuxer> demuxer_;
  const Options options_;
  const CodecParametersHandle parameters_;

  // In samples.
  int64_t origin_ = 0;
  int64_t end_ = std::numeric_limits<int64_t>::max();
  int64_t next_ = 0;  // Where the packets so far end.
  int64_t last_ = std::numeric_limits<int64_t>::min();  // Timestamp given out.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_COPIER_H_
