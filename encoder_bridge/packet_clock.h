#ifndef ENCODER_BRIDGE_PACKET_CLOCK_H_
#define ENCODER_BRIDGE_PACKET_CLOCK_H_

#include <cstdint>
#include <optional>

struct AVFormatContext;
struct AVPacket;
struct AVStream;

namespace encoder_bridge {

// Makes the timestamps of one stream's packets usable: absurd ones of damaged
// files are dropped, and those that start again in mid-stream, as in joined
// transport streams, are continued.  Not thread-safe.
class PacketClock {
 public:
  PacketClock(const AVFormatContext& input, const AVStream& stream);

  // Call for every packet, in the order of the file.
  void Continue(AVPacket& packet);

  // The same, beside another stream of the file: where that one's timestamps
  // started again, these are moved by as much, so that the two stay in sync.
  void Continue(AVPacket& packet, const PacketClock& leader);

 private:
  void Follow(const AVPacket& packet, const PacketClock& leader);

  const bool may_start_again_;
  const double seconds_per_tick_;

  // In ticks of the stream.
  int64_t offset_ = 0;  // Added to timestamps to continue them.
  std::optional<int64_t> last_dts_;
  int64_t last_step_ = 1;
};

// Drops timestamps of a damaged file whose differences would not fit into 64
// bits.
void DropAbsurdTimestamps(AVPacket& packet);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PACKET_CLOCK_H_
