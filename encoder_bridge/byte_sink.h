#ifndef ENCODER_BRIDGE_BYTE_SINK_H_
#define ENCODER_BRIDGE_BYTE_SINK_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace encoder_bridge {

// Where the bytes of a container go.  Errors name the place.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  virtual absl::Status Write(std::span<const uint8_t> data) = 0;

  // Whether SeekTo() works.
  virtual bool is_seekable() const = 0;

  // Moves where the next Write() goes.  REQUIRES: is_seekable().
  virtual absl::Status SeekTo(int64_t offset_bytes) = 0;

  // Call once, after the last Write(): only now is it complete.
  virtual absl::Status Commit() = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_BYTE_SINK_H_
