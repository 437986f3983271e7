#ifndef ENCODER_BRIDGE_VIDEO_FRAME_H_
#define ENCODER_BRIDGE_VIDEO_FRAME_H_

#include <array>
#include <cstdint>

namespace encoder_bridge {

// A ratio of integers, as time bases, frame rates and aspect ratios are given.
struct Rational {
  int num = 0;
  int den = 1;

  double value() const { return static_cast<double>(num) / den; }
  friend bool operator==(const Rational&, const Rational&) = default;
};

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
  ColorInfo color;
  // A shown-frame count for progress and ETA, not a promise; 0: not known.
  int64_t expected_frames = 0;
};

// A view of one 8-bit 4:2:0 picture.  The chroma planes have
// (width + 1) / 2 by (height + 1) / 2 samples.
struct VideoFrame {
  int width = 0;
  int height = 0;
  std::array<const uint8_t*, 3> planes = {};  // Y, U, V.
  std::array<int, 3> strides = {};            // Bytes from row to row.
  int64_t pts = 0;       // Ticks of VideoFormat::time_base, from 0, increasing.
  int64_t duration = 1;  // Ticks, at least 1.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VIDEO_FRAME_H_
