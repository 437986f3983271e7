#ifndef ENCODER_BRIDGE_VIDEO_FRAME_H_
#define ENCODER_BRIDGE_VIDEO_FRAME_H_

#include <array>
#include <cstdint>

#include "encoder_bridge/hdr_metadata.h"
#include "encoder_bridge/rational.h"

namespace encoder_bridge {

// How sample values map to light; the numbers are those of ISO/IEC 23091-2
// (and of FFmpeg's AVCOL_* constants), 2 meaning "not specified".
struct ColorInfo {
  int matrix = 2;
  int primaries = 2;
  int transfer = 2;
  bool full_range = false;

  friend bool operator==(const ColorInfo&, const ColorInfo&) = default;
};

// What is the same for every frame of a video.
struct VideoFormat {
  int width = 0;                          // Luma pixels.
  int height = 0;                         // Luma pixels.
  Rational time_base = {1, 30};           // Seconds per tick of `pts`.
  Rational frame_rate = {30, 1};          // Average, shown frames a second.
  Rational sample_aspect_ratio = {0, 1};  // 0/1: not known.
  int bit_depth = 8;                      // Of every sample: 8 or 10.
  ColorInfo color;
  HdrMetadata hdr;
  // A shown-frame count for progress and ETA, not a promise; 0: not known.
  int64_t expected_frames = 0;
};

// A view of one 4:2:0 picture.  The chroma planes have (width + 1) / 2 by
// (height + 1) / 2 samples.  A sample is a byte; of more than 8 bits it is a
// uint16_t, at an even address, that is below 2^bit_depth.
struct VideoFrame {
  int width = 0;
  int height = 0;
  int bit_depth = 8;
  std::array<const uint8_t*, 3> planes = {};  // Y, U, V.
  std::array<int, 3> strides = {};            // Bytes from row to row.
  int64_t pts = 0;       // Ticks of VideoFormat::time_base, from 0, increasing.
  int64_t duration = 1;  // Ticks, at least 1.

  int bytes_per_sample() const { return bit_depth > 8 ? 2 : 1; }
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VIDEO_FRAME_H_
