#ifndef ENCODER_BRIDGE_VP9_FRAME_HEADER_H_
#define ENCODER_BRIDGE_VP9_FRAME_HEADER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace encoder_bridge {

// What rate control wants to know of a coded frame, read from its
// uncompressed header (VP9 bitstream specification, section 6.2).
struct Vp9FrameHeader {
  bool show_existing_frame = false;  // Nothing coded; the rest is then unset.
  bool is_key = false;
  bool is_shown = false;
  int q_index = 0;    // base_q_idx, 0 to 255.
  int64_t bytes = 0;  // Of the frame alone, without superframe index.
};

// Returns the headers of the frames in one packet, in coding order: one, or
// several when the packet is a superframe (Annex B).  InvalidArgument for
// bytes that are not VP9.
absl::StatusOr<std::vector<Vp9FrameHeader>> ParseVp9Packet(
    std::span<const uint8_t> packet);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VP9_FRAME_HEADER_H_
