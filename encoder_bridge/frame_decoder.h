#ifndef ENCODER_BRIDGE_FRAME_DECODER_H_
#define ENCODER_BRIDGE_FRAME_DECODER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/video_demuxer.h"

namespace encoder_bridge {

// Decodes the frames of one VideoDemuxer, in display order.  What does not
// decode is left out and counted.  Not thread-safe.
class FrameDecoder {
 public:
  // Opens a decoder with `threads` threads, 0 meaning one per core.
  // InvalidArgument if FFmpeg has no decoder for the stream.
  static absl::StatusOr<std::unique_ptr<FrameDecoder>> Open(
      std::unique_ptr<VideoDemuxer> demuxer, int threads);

  // Makes `frame` the next one; false after the last.
  bool Next(AVFrame& frame);

  const VideoDemuxer& demuxer() const { return *demuxer_; }
  int64_t num_frames() const { return num_frames_; }
  // Packets that did not decode, frames with errors concealed, failed reads.
  int64_t num_errors() const { return num_errors_; }
  // Such as "h264".
  std::string codec_name() const;

 private:
  FrameDecoder(std::unique_ptr<VideoDemuxer> demuxer, CodecHandle codec);

  void FeedPacket();
  bool ChangesSize(const AVPacket& packet);

  const std::unique_ptr<VideoDemuxer> demuxer_;
  const CodecHandle codec_;
  const PacketHandle packet_;
  bool is_draining_ = false;    // The codec gives out what it still has.
  bool holds_packet_ = false;   // `packet_` waits for the drained codec.
  uint32_t sequence_size_ = 0;  // MPEG-1/2: as coded, both sides together.
  int num_drain_errors_ = 0;
  int64_t num_frames_ = 0;
  int64_t num_errors_ = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FRAME_DECODER_H_
