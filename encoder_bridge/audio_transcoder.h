#ifndef ENCODER_BRIDGE_AUDIO_TRANSCODER_H_
#define ENCODER_BRIDGE_AUDIO_TRANSCODER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/audio_converter.h"
#include "encoder_bridge/audio_demuxer.h"
#include "encoder_bridge/audio_timeline.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/opus_encoder.h"

namespace encoder_bridge {

// An audio stream decoded and coded as Opus.  It begins and ends with the
// span, to the sample.  What does not decode in mid-stream becomes silence.
class AudioTranscoder : public AudioTrack {
 public:
  // Opens a decoder and decodes the first frame.  With no bitrate,
  // OpusEncoder's default.
  //
  // Errors: InvalidArgument if FFmpeg has no decoder for the stream or nothing
  // of its start decodes; NotFound without libopus.
  static absl::StatusOr<std::unique_ptr<AudioTranscoder>> Open(
      std::unique_ptr<AudioDemuxer> demuxer,
      std::optional<int64_t> bits_per_second);

  const AVCodecParameters& parameters() const override { return *parameters_; }
  void Start(const AudioSpan& span) override;
  absl::StatusOr<bool> Next(AVPacket& packet) override;

 private:
  AudioTranscoder(std::unique_ptr<AudioDemuxer> demuxer, CodecHandle decoder);

  bool DecodeFrame(int64_t max_failures);
  bool FeedPacket();
  bool IsLongBeforeStart(const AVPacket& packet) const;

  // Goes one step on towards the next packet.
  absl::Status Work();
  absl::Status CodeSilence();
  absl::Status CodeConverted();
  void PlaceConverted();
  absl::Status ConvertDecoded();

  const std::unique_ptr<AudioDemuxer> demuxer_;
  const CodecHandle decoder_;
  const PacketHandle packet_;
  const FrameHandle decoded_;
  const FrameHandle converted_;
  std::unique_ptr<OpusEncoder> encoder_;
  CodecParametersHandle parameters_;
  std::unique_ptr<AudioConverter> converter_;

  AudioSpan span_;
  std::optional<AudioTimeline> timeline_;
  bool has_decoded_ = false;    // `decoded_` waits to be converted.
  bool has_converted_ = false;  // `converted_` waits to be coded.
  bool is_input_over_ = false;  // All packets are in the decoder.
  bool is_converter_over_ = false;
  bool is_finished_ = false;         // All is in the encoder.
  int64_t silence_ = 0;              // Samples to code before the following.
  std::vector<float> kept_samples_;  // Of `converted_`, interleaved.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_TRANSCODER_H_
