#ifndef ENCODER_BRIDGE_STREAM_SINK_H_
#define ENCODER_BRIDGE_STREAM_SINK_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "encoder_bridge/byte_sink.h"

namespace encoder_bridge {

// An open file descriptor, such as standard output: bytes are gone as they are
// written.  The process has to ignore SIGPIPE.  Errors: Aborted where nobody
// reads any more; ResourceExhausted (no space left), Unknown.
class StreamSink : public ByteSink {
 public:
  // `fd` stays the caller's, and open for as long as this object is there;
  // `name` is what errors call it.
  StreamSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  absl::Status Write(std::span<const uint8_t> data) override;
  bool is_seekable() const override { return false; }
  absl::Status SeekTo(int64_t offset_bytes) override;
  absl::Status Commit() override { return absl::OkStatus(); }

 private:
  const int fd_;
  const std::string name_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_STREAM_SINK_H_
