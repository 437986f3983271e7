#ifndef ENCODER_BRIDGE_FIRST_PASS_PACKETS_H_
#define ENCODER_BRIDGE_FIRST_PASS_PACKETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// What libvpx's first pass leaves, FirstPassResult::stats, is one packet for
// each shown frame (FIRSTPASS_STATS, vp9_firstpass.h), and at the end one with
// the sums of all.

// Returns what the packets say of each shown frame, in display order.
// InvalidArgument if they are no such packets.
absl::StatusOr<std::vector<FirstPassFrameStats>> ReadFirstPassPackets(
    absl::string_view packets);

// Returns the packets of shown frames `first` to `end` - 1, with sums of their
// own at the end: what a second pass of these frames alone takes.
// REQUIRES: `packets` that ReadFirstPassPackets() takes, of at least `end`
// frames, and 0 <= first < end.
std::string SliceFirstPassPackets(absl::string_view packets, int first,
                                  int end);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FIRST_PASS_PACKETS_H_
