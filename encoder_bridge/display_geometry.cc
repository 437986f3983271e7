#include "encoder_bridge/display_geometry.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/rational.h>
}

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <string>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

// `side` scaled by to / from, as the nearest even number.
int EvenInProportion(int side, int to, int from) {
  const double exact = static_cast<double>(side) * to / from;
  return std::max(2, 2 * static_cast<int>(std::lround(exact / 2)));
}

// The pixel shape that keeps the display shape when the size changes.
Rational RescaledAspectRatio(const PictureShape& from, int width, int height) {
  const Rational before = from.sample_aspect_ratio.num > 0
                              ? from.sample_aspect_ratio
                              : Rational{1, 1};
  const AVRational by_width =
      av_mul_q({before.num, before.den}, {from.width, width});
  const AVRational after = av_mul_q(by_width, {height, from.height});
  if (after.num == after.den) return {from.sample_aspect_ratio.num > 0, 1};
  return {after.num, after.den};
}

}  // namespace

Orientation OrientationOf(const int32_t* display_matrix) {
  // The cases of FFmpeg's own `autorotate`.
  const double counterclockwise = av_display_rotation_get(display_matrix);
  if (std::isnan(counterclockwise)) return {};
  const int clockwise =
      (360 - static_cast<int>(std::lround(counterclockwise))) % 360;
  const bool mirrors_x = display_matrix[0] < 0;
  const bool mirrors_y = display_matrix[4] < 0;
  switch (clockwise) {
    case 0:
      return {.filters = mirrors_y ? "vflip" : ""};
    case 90:
      return {.filters = display_matrix[3] > 0 ? "transpose=cclock_flip"
                                               : "transpose=clock",
              .swaps_sides = true};
    case 180:
      if (mirrors_x && mirrors_y) return {.filters = "hflip,vflip"};
      return {.filters = mirrors_x ? "hflip" : mirrors_y ? "vflip" : ""};
    case 270:
      return {.filters = display_matrix[3] < 0 ? "transpose=clock_flip"
                                               : "transpose=cclock",
              .swaps_sides = true};
    default:
      return {.ignored_degrees = clockwise};
  }
}

PictureShape Upright(const PictureShape& stored,
                     const Orientation& orientation) {
  if (!orientation.swaps_sides) return stored;
  PictureShape turned = {.width = stored.height, .height = stored.width};
  const Rational ratio = stored.sample_aspect_ratio;
  if (ratio.num > 0) turned.sample_aspect_ratio = {ratio.den, ratio.num};
  return turned;
}

PictureShape ScaledShape(const PictureShape& upright, int width, int height,
                         bool only_shrink) {
  PictureShape scaled = upright;
  if (width > 0) scaled.width = width;
  if (height > 0) scaled.height = height;
  if (only_shrink) {
    scaled.width = std::min(scaled.width, upright.width);
    scaled.height = std::min(scaled.height, upright.height);
  }
  if (width > 0 && height > 0) {
    scaled.sample_aspect_ratio =
        RescaledAspectRatio(upright, scaled.width, scaled.height);
  } else if (scaled.height != upright.height) {
    scaled.width =
        EvenInProportion(upright.width, scaled.height, upright.height);
  } else if (scaled.width != upright.width) {
    scaled.height =
        EvenInProportion(upright.height, scaled.width, upright.width);
  }
  return scaled;
}

}  // namespace encoder_bridge
