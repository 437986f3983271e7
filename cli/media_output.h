#ifndef CLI_MEDIA_OUTPUT_H_
#define CLI_MEDIA_OUTPUT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/encode_request.h"
#include "encoder_bridge/audio_interleaver.h"
#include "encoder_bridge/audio_tracks.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/video_reader.h"

namespace cli {

// One audio stream of the output.
struct AudioOutcome {
  int stream_index = 0;      // In the input.
  std::string source_codec;  // FFmpeg's name, such as "aac".
  std::string codec;         // In the output.
  std::string language;      // ISO 639-2; empty: not known.
  bool is_copied = false;
  int channels = 0;
  int64_t bytes = 0;  // Of its packets.
  double bitrate_kbps = 0;
};

// The file that an encode makes, or the stream on standard output: the packets
// of the video as they come, the input's sound beside them, its tags and
// chapters.
//
// Call Start(), Write() for all packets, Finish(), Verify() if that is wanted,
// Commit().  Without the latter there is no file.  Not thread-safe.
class MediaOutput : public encoder_bridge::PacketSink {
 public:
  using Poll = std::function<absl::Status()>;

  // Opens the sound of the input and the output's place, so that what cannot be
  // done fails before the work.  `request` must outlive this object.
  static absl::StatusOr<std::unique_ptr<MediaOutput>> Open(
      const EncodeRequest& request, const encoder_bridge::VideoReader& reader);

  // What a user should know of the sound, each one line.
  const std::vector<std::string>& notes() const { return audio_.notes; }

  // `video_seconds` is how long the video is.
  void Start(double video_seconds);

  absl::Status Write(const encoder_bridge::EncodedPacket& packet) override;

  // Writes the rest of the sound and completes the file; returns its size in
  // bytes.  An error of `poll`, which is asked now and then, ends it.
  absl::StatusOr<int64_t> Finish(const Poll& poll);

  // Decodes the finished file, which has to be one, whole and compares it with
  // what was written. DataLoss if it is something else.
  absl::Status Verify(const Poll& poll) const;

  // Gives the file its name.
  absl::Status Commit() { return writer_->Commit(); }

  // Of the packets of the video so far.
  int64_t video_bytes() const { return video_bytes_; }
  // Of the finished file.
  int64_t file_bytes() const { return file_bytes_; }

  // What the file has of sound.
  std::vector<AudioOutcome> Audio() const;

 private:
  MediaOutput(const EncodeRequest& request,
              const encoder_bridge::VideoReader& reader);

  absl::Status OpenFile(const encoder_bridge::VideoReader& reader);
  bool IsCutAtEnd() const;
  std::optional<double> ExpectedSeconds(
      const encoder_bridge::VideoReader& reader) const;

  const EncodeRequest& request_;
  const double origin_seconds_;
  const encoder_bridge::Rational time_base_;
  encoder_bridge::AudioTracks audio_;
  std::unique_ptr<encoder_bridge::ContainerWriter> writer_;
  // Of `audio_` in `writer_`.
  std::unique_ptr<encoder_bridge::AudioInterleaver> interleaver_;
  int64_t num_packets_ = 0;
  int64_t video_bytes_ = 0;
  int64_t file_bytes_ = 0;
  // Of the last packet, in ticks.
  int64_t last_pts_ = 0;
  int64_t end_pts_ = 0;
};

}  // namespace cli

#endif  // CLI_MEDIA_OUTPUT_H_
