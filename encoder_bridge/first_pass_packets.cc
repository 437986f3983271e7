#include "encoder_bridge/first_pass_packets.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

// FIRSTPASS_STATS: statistics, in the order of FirstPassFrameStats, and the
// spatial layer, which is not summed up.
struct Packet {
  std::array<double, 25> statistics = {};
  int64_t spatial_layer_id = 0;
};

static_assert(sizeof(FirstPassFrameStats) == sizeof(Packet::statistics) &&
                  std::is_trivially_copyable_v<FirstPassFrameStats>,
              "FirstPassFrameStats is what a packet holds");

Packet PacketAt(absl::string_view packets, size_t index) {
  Packet packet;
  std::memcpy(&packet, packets.data() + index * sizeof packet, sizeof packet);
  return packet;
}

}  // namespace

absl::StatusOr<std::vector<FirstPassFrameStats>> ReadFirstPassPackets(
    absl::string_view packets) {
  if (packets.size() % sizeof(Packet) != 0 ||
      packets.size() < 2 * sizeof(Packet)) {
    return absl::InvalidArgumentError(
        absl::StrCat("first-pass statistics of ", packets.size(),
                     " bytes are not some packets of ", sizeof(Packet)));
  }
  std::vector<FirstPassFrameStats> stats(packets.size() / sizeof(Packet) - 1);
  for (size_t i = 0; i < stats.size(); ++i) {
    stats[i] =
        std::bit_cast<FirstPassFrameStats>(PacketAt(packets, i).statistics);
  }
  return stats;
}

std::string SliceFirstPassPackets(absl::string_view packets, int first,
                                  int end) {
  assert(0 <= first && first < end &&
         static_cast<size_t>(end) < packets.size() / sizeof(Packet));
  Packet total;
  // Where libvpx begins to sum up (zero_stats).
  constexpr size_t kDuration =
      offsetof(FirstPassFrameStats, duration) / sizeof(double);
  total.statistics[kDuration] = 1;
  for (int i = first; i < end; ++i) {
    const Packet packet = PacketAt(packets, static_cast<size_t>(i));
    for (size_t k = 0; k < total.statistics.size(); ++k) {
      total.statistics[k] += packet.statistics[k];
    }
    total.spatial_layer_id = packet.spatial_layer_id;
  }
  std::string slice(
      packets.substr(static_cast<size_t>(first) * sizeof(Packet),
                     static_cast<size_t>(end - first) * sizeof(Packet)));
  slice.append(reinterpret_cast<const char*>(&total), sizeof total);
  return slice;
}

}  // namespace encoder_bridge
