#include "encoder_bridge/frame_log.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

// FNV-1a, but eight samples at a time.
uint64_t Hash(uint64_t hash, const uint8_t* row, size_t size) {
  constexpr uint64_t kPrime = 0x100000001b3;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, row + i, sizeof word);
    hash = (hash ^ word) * kPrime;
    // A product alone never moves what is high in a word down.
    hash ^= hash >> 32;
  }
  for (; i < size; ++i) hash = (hash ^ row[i]) * kPrime;
  return hash;
}

}  // namespace

LoggedFrame LogOf(const VideoFrame& frame) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t plane = 0; plane < frame.planes.size(); ++plane) {
    const int width = plane == 0 ? frame.width : (frame.width + 1) / 2;
    const int height = plane == 0 ? frame.height : (frame.height + 1) / 2;
    for (int y = 0; y < height; ++y) {
      hash = Hash(hash,
                  frame.planes[plane] +
                      static_cast<std::ptrdiff_t>(y) * frame.strides[plane],
                  static_cast<size_t>(width * frame.bytes_per_sample()));
    }
  }
  return {.pts = frame.pts, .duration = frame.duration, .hash = hash};
}

absl::StatusOr<const VideoFrame*> FrameLog::Next() {
  absl::StatusOr<const VideoFrame*> frame = source_.Next();
  if (frame.ok() && *frame != nullptr) frames_.push_back(LogOf(**frame));
  return frame;
}

absl::Status FrameLog::Rewind() {
  frames_.clear();
  return source_.Rewind();
}

}  // namespace encoder_bridge
