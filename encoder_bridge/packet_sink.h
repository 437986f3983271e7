#ifndef ENCODER_BRIDGE_PACKET_SINK_H_
#define ENCODER_BRIDGE_PACKET_SINK_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace encoder_bridge {

// One packet as the container gets it: a shown frame with the hidden frames
// coded before it (a VP9 superframe).
struct EncodedPacket {
  std::span<const uint8_t> data;
  int64_t pts = 0;       // Ticks of the source's time base.
  int64_t duration = 1;  // Ticks.
  bool is_key = false;
};

// Where an encode's packets go.
class PacketSink {
 public:
  virtual ~PacketSink() = default;

  // Takes the next packet, in decoding order; `packet.data` is valid during
  // the call only.  A non-OK return stops the encode.
  virtual absl::Status Write(const EncodedPacket& packet) = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PACKET_SINK_H_
