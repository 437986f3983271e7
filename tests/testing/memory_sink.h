#ifndef TESTS_TESTING_MEMORY_SINK_H_
#define TESTS_TESTING_MEMORY_SINK_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/packet_sink.h"

namespace testing_support {

// Keeps the packets of an encode.
class MemorySink : public encoder_bridge::PacketSink {
 public:
  absl::Status Write(const encoder_bridge::EncodedPacket& packet) override {
    packets_.emplace_back(packet.data.begin(), packet.data.end());
    return absl::OkStatus();
  }

  const std::vector<std::vector<uint8_t>>& packets() const { return packets_; }

 private:
  std::vector<std::vector<uint8_t>> packets_;
};

}  // namespace testing_support

#endif  // TESTS_TESTING_MEMORY_SINK_H_
