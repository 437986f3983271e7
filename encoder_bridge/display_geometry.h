#ifndef ENCODER_BRIDGE_DISPLAY_GEOMETRY_H_
#define ENCODER_BRIDGE_DISPLAY_GEOMETRY_H_

#include <cstdint>
#include <string>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// How a stored picture must be turned to stand upright.
struct Orientation {
  std::string filters;       // libavfilter's, in order; empty: none is needed.
  bool swaps_sides = false;  // Width becomes height.
  int ignored_degrees = 0;   // A tilt by less than a right angle: left as is.

  friend bool operator==(const Orientation&, const Orientation&) = default;
};

// `display_matrix` has the nine entries of FFmpeg's AV_PKT_DATA_DISPLAYMATRIX.
Orientation OrientationOf(const int32_t* display_matrix);

// A picture's size in pixels, and the shape of one of them.
struct PictureShape {
  int width = 0;
  int height = 0;
  Rational sample_aspect_ratio = {0, 1};  // 0/1: not known.

  friend bool operator==(const PictureShape&, const PictureShape&) = default;
};

PictureShape Upright(const PictureShape& stored,
                     const Orientation& orientation);

// The shape to scale `upright` to; `width`, `height` and `only_shrink` are
// those of VideoReaderOptions.
PictureShape ScaledShape(const PictureShape& upright, int width, int height,
                         bool only_shrink);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_DISPLAY_GEOMETRY_H_
