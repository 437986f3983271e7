#ifndef ENCODER_BRIDGE_WEBM_WRITER_H_
#define ENCODER_BRIDGE_WEBM_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// Writes VP9 packets as a WebM file.
//
// The file is written beside `path` under a temporary name and gets its own
// name in Commit(), when it is complete; an existing file is then replaced.  A
// writer destroyed without a successful Commit() removes its temporary file
// and leaves whatever was at `path` alone.
//
// Errors name the path: NotFound (no such folder), PermissionDenied,
// ResourceExhausted (no space), Unknown (other I/O).
class WebmWriter : public PacketSink {
 public:
  static absl::StatusOr<std::unique_ptr<WebmWriter>> Create(
      const std::string& path, const VideoFormat& format);

  ~WebmWriter() override;
  WebmWriter(const WebmWriter&) = delete;
  WebmWriter& operator=(const WebmWriter&) = delete;

  absl::Status Write(const EncodedPacket& packet) override;

  // Finishes the file and gives it its name.  Call once, after the last
  // Write().
  absl::Status Commit();

 private:
  class Impl;
  explicit WebmWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_WEBM_WRITER_H_
