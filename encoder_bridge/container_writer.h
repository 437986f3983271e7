#ifndef ENCODER_BRIDGE_CONTAINER_WRITER_H_
#define ENCODER_BRIDGE_CONTAINER_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/byte_sink.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/media_tags.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/video_frame.h"

struct AVCodecParameters;
struct AVPacket;

namespace encoder_bridge {

// What a file of coded video and sound holds.
struct OutputFormat {
  struct Audio {
    const AVCodecParameters* codec = nullptr;  // Read by Create() only.
    StreamTags tags;
  };

  Container container = Container::kWebm;
  VideoFormat video;
  std::vector<Audio> audio;  // Empty for a container that holds none.
  MediaTags tags;            // Chapters count from the first frame.
};

// Writes VP9 packets, and coded sound beside them, as a WebM, Matroska, MP4 or
// IVF file.
//
// The file is written beside `path` under a temporary name and gets its own
// name in Commit(), when it is complete; an existing file is then replaced.  A
// writer destroyed without a successful Commit() removes its temporary file
// and leaves whatever was at `path` alone.  The same packets make the same
// file, byte for byte.
//
// Errors name the path: NotFound (no such folder), PermissionDenied,
// ResourceExhausted (no space), Unknown (other I/O).
class ContainerWriter : public PacketSink {
 public:
  static absl::StatusOr<std::unique_ptr<ContainerWriter>> Create(
      const std::string& path, const OutputFormat& format);

  // As above, but the file goes to `sink` as it is written, from its start to
  // its end, without what only the end could tell, such as its duration.
  // `name` is what errors call it.  InvalidArgument unless it is WebM or
  // Matroska.
  static absl::StatusOr<std::unique_ptr<ContainerWriter>> CreateStream(
      std::unique_ptr<ByteSink> sink, const std::string& name,
      const OutputFormat& format);

  ~ContainerWriter() override;
  ContainerWriter(const ContainerWriter&) = delete;
  ContainerWriter& operator=(const ContainerWriter&) = delete;

  // The next packet of the video.
  absl::Status Write(const EncodedPacket& packet) override;

  // The next packet of OutputFormat::audio[track], with timestamps in samples;
  // it is emptied.  Packets of all streams should come in about the order of
  // their time.
  absl::Status WriteAudio(int track, AVPacket& packet);

  // Completes the file, which still has its temporary name; returns its size in
  // bytes.  Call once, after the last packet.
  absl::StatusOr<int64_t> Finish();

  // Gives the file its name.  Call once; finishes it if that was not done.
  absl::Status Commit();

 private:
  class Impl;
  explicit ContainerWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CONTAINER_WRITER_H_
