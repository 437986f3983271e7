#include "encoder_bridge/vp9_frame_header.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {
namespace {

constexpr uint32_t kFrameMarker = 2;
constexpr uint32_t kSyncCode = 0x498342;
constexpr uint32_t kColorSpaceRgb = 7;
constexpr int kReferencesPerFrame = 3;

// Reads f(n) syntax elements, most significant bit first.  Past the end it
// reads zeros and remembers that it did.
class BitReader {
 public:
  explicit BitReader(std::span<const uint8_t> data) : data_(data) {}

  uint32_t Read(int bits) {
    uint32_t value = 0;
    for (int i = 0; i < bits; ++i) value = value << 1 | ReadBit();
    return value;
  }
  bool ReadFlag() { return ReadBit() != 0; }
  void Skip(int bits) { Read(bits); }
  bool ran_out() const { return ran_out_; }

 private:
  uint32_t ReadBit() {
    const size_t byte = position_ / 8;
    if (byte >= data_.size()) {
      ran_out_ = true;
      return 0;
    }
    const uint32_t bit = data_[byte] >> (7 - position_ % 8) & 1u;
    ++position_;
    return bit;
  }

  std::span<const uint8_t> data_;
  size_t position_ = 0;
  bool ran_out_ = false;
};

void SkipColorConfig(BitReader& bits, uint32_t profile) {
  if (profile >= 2) bits.Skip(1);  // ten_or_twelve_bit
  if (bits.Read(3) != kColorSpaceRgb) {
    bits.Skip(1);                                    // color_range
    if (profile == 1 || profile == 3) bits.Skip(3);  // subsampling, reserved
  } else if (profile == 1 || profile == 3) {
    bits.Skip(1);  // reserved
  }
}

void SkipRenderSize(BitReader& bits) {
  if (bits.ReadFlag()) bits.Skip(32);
}

void SkipFrameSize(BitReader& bits) { bits.Skip(32); }

void SkipFrameSizeWithRefs(BitReader& bits) {
  bool found = false;
  for (int i = 0; i < kReferencesPerFrame && !found; ++i) {
    found = bits.ReadFlag();
  }
  if (!found) SkipFrameSize(bits);
  SkipRenderSize(bits);
}

void SkipLoopFilterParams(BitReader& bits) {
  bits.Skip(6 + 3);                // level, sharpness
  if (!bits.ReadFlag()) return;    // loop_filter_delta_enabled
  if (!bits.ReadFlag()) return;    // loop_filter_delta_update
  for (int i = 0; i < 4 + 2; ++i)  // ref deltas, mode deltas
    if (bits.ReadFlag()) bits.Skip(7);
}

absl::StatusOr<Vp9FrameHeader> ParseFrame(std::span<const uint8_t> data) {
  BitReader bits(data);
  Vp9FrameHeader header;
  header.bytes = static_cast<int64_t>(data.size());
  if (bits.Read(2) != kFrameMarker) {
    return absl::InvalidArgumentError("not a VP9 frame: no frame marker");
  }
  const uint32_t profile_low = bits.Read(1);
  const uint32_t profile = bits.Read(1) << 1 | profile_low;
  if (profile == 3) bits.Skip(1);
  header.show_existing_frame = bits.ReadFlag();
  if (header.show_existing_frame) {
    header.is_shown = true;
    return header;
  }
  header.is_key = !bits.ReadFlag();
  header.is_shown = bits.ReadFlag();
  const bool error_resilient = bits.ReadFlag();
  if (header.is_key) {
    if (bits.Read(24) != kSyncCode) {
      return absl::InvalidArgumentError("not a VP9 frame: no sync code");
    }
    SkipColorConfig(bits, profile);
    SkipFrameSize(bits);
    SkipRenderSize(bits);
  } else {
    const bool intra_only = header.is_shown ? false : bits.ReadFlag();
    if (!error_resilient) bits.Skip(2);  // reset_frame_context
    if (intra_only) {
      bits.Skip(24);  // sync code
      if (profile > 0) SkipColorConfig(bits, profile);
      bits.Skip(8);  // refresh_frame_flags
      SkipFrameSize(bits);
      SkipRenderSize(bits);
    } else {
      bits.Skip(8);                        // refresh_frame_flags
      bits.Skip(kReferencesPerFrame * 4);  // index and sign bias
      SkipFrameSizeWithRefs(bits);
      bits.Skip(1);                        // allow_high_precision_mv
      if (!bits.ReadFlag()) bits.Skip(2);  // interpolation filter
    }
  }
  if (!error_resilient) bits.Skip(2);  // refresh context, parallel mode
  bits.Skip(2);                        // frame_context_idx
  SkipLoopFilterParams(bits);
  header.q_index = static_cast<int>(bits.Read(8));
  if (bits.ran_out()) {
    return absl::InvalidArgumentError("VP9 frame header is cut short");
  }
  return header;
}

// Returns the sizes in the superframe index that ends `packet`, or the packet's
// own size when there is none.
std::vector<size_t> FrameSizes(std::span<const uint8_t> packet) {
  const uint8_t marker = packet.back();
  if ((marker & 0xe0) != 0xc0) return {packet.size()};
  const size_t num_frames = (marker & 7u) + 1;
  const size_t bytes_per_size = (marker >> 3 & 3u) + 1;
  const size_t index_size = 2 + num_frames * bytes_per_size;
  if (packet.size() < index_size ||
      packet[packet.size() - index_size] != marker) {
    return {packet.size()};
  }
  std::vector<size_t> sizes;
  size_t at = packet.size() - index_size + 1;
  for (size_t i = 0; i < num_frames; ++i) {
    size_t size = 0;
    for (size_t b = 0; b < bytes_per_size; ++b) {
      size |= static_cast<size_t>(packet[at++]) << (8 * b);
    }
    if (size > 0) sizes.push_back(size);
  }
  return sizes;
}

}  // namespace

absl::StatusOr<std::vector<Vp9FrameHeader>> ParseVp9Packet(
    std::span<const uint8_t> packet) {
  if (packet.empty()) return absl::InvalidArgumentError("empty VP9 packet");
  std::vector<Vp9FrameHeader> headers;
  size_t at = 0;
  for (const size_t size : FrameSizes(packet)) {
    if (size > packet.size() - at) {
      return absl::InvalidArgumentError(
          absl::StrCat("VP9 superframe index says ", size, " bytes where ",
                       packet.size() - at, " are left"));
    }
    absl::StatusOr<Vp9FrameHeader> header =
        ParseFrame(packet.subspan(at, size));
    if (!header.ok()) return header.status();
    headers.push_back(*header);
    at += size;
  }
  return headers;
}

}  // namespace encoder_bridge
