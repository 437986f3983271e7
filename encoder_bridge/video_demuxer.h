#ifndef ENCODER_BRIDGE_VIDEO_DEMUXER_H_
#define ENCODER_BRIDGE_VIDEO_DEMUXER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/frame_timing.h"
#include "encoder_bridge/packet_clock.h"

struct AVStream;

namespace encoder_bridge {

// What reading all packets of a stream, decoding none, tells.
struct StreamScan {
  FrameTimes times;
  // Frames that the container says there are, where it was cut short.
  std::optional<int64_t> announced_frames;
};

// Reads the packets of the first video stream of a local file.  Cover art is
// no video.  Opens no other file, whatever the name or the contents ask for.
//
// Timestamps that start again in mid-stream, as in joined transport streams,
// are continued.  Not thread-safe.
class VideoDemuxer {
 public:
  // Errors, each naming the path: NotFound, PermissionDenied,
  // InvalidArgument.
  static absl::StatusOr<std::unique_ptr<VideoDemuxer>> Open(
      const std::string& path);

  // Makes `packet` the next of the stream; false after the last.
  bool Read(AVPacket& packet);

  // Goes to a packet that decoding can begin at, for what is shown at `pts`, in
  // the stream's ticks.  Call before Read().  Unavailable if the format cannot.
  absl::Status Seek(int64_t pts);

  // Whether reading ended before the end of the file.
  bool has_failed() const { return has_failed_; }

  // Reads to the end: open the file again to decode it.
  StreamScan Scan();

  const std::string& path() const { return path_; }
  AVFormatContext& input() const { return *input_; }
  AVStream& stream() const { return *stream_; }

 private:
  VideoDemuxer(std::string path, InputHandle input, AVStream* stream);

  bool ReadFromStream(AVPacket& packet);
  bool IsCutWithinY4mFrame(int64_t end_position) const;
  std::optional<int64_t> AnnouncedFrames(int64_t num_packets,
                                         double longest_step_seconds) const;

  const std::string path_;
  const InputHandle input_;
  AVStream* const stream_;  // Owned by `input_`.
  bool has_failed_ = false;
  double end_seconds_ = 0;         // Of the packets read from any stream.
  double stream_end_seconds_ = 0;  // Of those of `stream_`.
  PacketClock clock_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VIDEO_DEMUXER_H_
