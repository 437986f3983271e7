#ifndef ENCODER_BRIDGE_NULL_SINK_H_
#define ENCODER_BRIDGE_NULL_SINK_H_

#include "absl/status/status.h"
#include "encoder_bridge/packet_sink.h"

namespace encoder_bridge {

// Throws packets away, where only what they came to is wanted.
class NullSink : public PacketSink {
 public:
  absl::Status Write(const EncodedPacket&) override { return absl::OkStatus(); }
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_NULL_SINK_H_
