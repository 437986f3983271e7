#include "encoder_bridge/first_pass_packets.h"

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
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

static_assert(std::is_trivially_copyable_v<FirstPassFrameStats>,
              "a packet begins with it");

// FIRSTPASS_STATS: statistics, and the spatial layer, an int64_t that is not
// summed up.
size_t PacketSize() {
  return HookSession::NumFirstPassStatistics() * sizeof(double) +
         sizeof(int64_t);
}

}  // namespace

absl::StatusOr<std::vector<FirstPassFrameStats>> ReadFirstPassPackets(
    absl::string_view packets) {
  const size_t size = PacketSize();
  if (packets.size() % size != 0 || packets.size() < 2 * size) {
    return absl::InvalidArgumentError(
        absl::StrCat("first-pass statistics of ", packets.size(),
                     " bytes are not some packets of ", size));
  }
  std::vector<FirstPassFrameStats> stats(packets.size() / size - 1);
  for (size_t i = 0; i < stats.size(); ++i) {
    std::memcpy(&stats[i], packets.data() + i * size, sizeof stats[i]);
  }
  return stats;
}

std::string SliceFirstPassPackets(absl::string_view packets, int first,
                                  int end) {
  const size_t size = PacketSize();
  assert(0 <= first && first < end &&
         static_cast<size_t>(end) < packets.size() / size);
  std::vector<double> sums(HookSession::NumFirstPassStatistics());
  // Where libvpx begins to sum up (zero_stats).
  sums[offsetof(FirstPassFrameStats, duration) / sizeof(double)] = 1;
  std::vector<double> statistics(sums.size());
  const size_t statistics_size = statistics.size() * sizeof(double);
  for (int i = first; i < end; ++i) {
    std::memcpy(statistics.data(),
                packets.data() + static_cast<size_t>(i) * size,
                statistics_size);
    for (size_t k = 0; k < sums.size(); ++k) sums[k] += statistics[k];
  }
  const absl::string_view frames =
      packets.substr(static_cast<size_t>(first) * size,
                     static_cast<size_t>(end - first) * size);
  std::string slice(frames);
  slice.append(reinterpret_cast<const char*>(sums.data()), statistics_size);
  absl::StrAppend(&slice, frames.substr(frames.size() - sizeof(int64_t)));
  return slice;
}

}  // namespace encoder_bridge
