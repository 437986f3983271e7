#ifndef ENCODER_BRIDGE_PACKET_SPOOL_H_
#define ENCODER_BRIDGE_PACKET_SPOOL_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/packet_sink.h"

namespace encoder_bridge {

// Packets kept in a temporary file without a name, which goes when this object
// does, or the process: for an encode of which it is not known yet whether it
// is wanted.  Memory does not grow with the length of the video.
class PacketSpool : public PacketSink {
 public:
  // Errors: those of OpenTemporaryFile(), and, here and below:
  // ResourceExhausted (no space), Unknown.
  static absl::StatusOr<std::unique_ptr<PacketSpool>> Create();

  absl::Status Write(const EncodedPacket& packet) override;

  // Hands all packets so far to `sink`, in order.  Also what `sink` returns,
  // and `poll`, which is asked before each packet.
  absl::Status CopyTo(PacketSink& sink,
                      const std::function<absl::Status()>& poll);

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  explicit PacketSpool(std::FILE* file) : file_(file) {}

  const std::unique_ptr<std::FILE, CloseFile> file_;
  int64_t num_packets_ = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PACKET_SPOOL_H_
