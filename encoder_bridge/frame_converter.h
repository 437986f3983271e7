#ifndef ENCODER_BRIDGE_FRAME_CONVERTER_H_
#define ENCODER_BRIDGE_FRAME_CONVERTER_H_

#include <string>

#include "absl/status/status.h"
#include "encoder_bridge/display_geometry.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// The colours of `frame` once it is 4:2:0.  Those of YUV stay as they
// are; RGB becomes BT.601 in limited range.
ColorInfo ConvertedColor(const AVFrame& frame);

// Bits of a sample of `frame`, of the deepest kind it has.
int BitDepthOf(const AVFrame& frame);

// What is lost in making `frame` 4:2:0 of `bit_depth` bits, as a line for the
// user; empty if nothing is.
std::string ConversionNote(const AVFrame& frame, int bit_depth);

// Makes decoded pictures of any kind upright 4:2:0 ones of one size, bit depth
// and colour range, through libswscale and libavfilter.  Pictures that are so
// already pass untouched, without a copy.  No sample of what comes out is out
// of its range.
//
// Pictures may change their size and pixel format from call to call.
// Not thread-safe.
class FrameConverter {
 public:
  struct Target {
    int width = 0;  // Upright.
    int height = 0;
    int bit_depth = 8;  // Or 10.
    bool full_range = false;
    Orientation orientation;
    int threads = 1;  // 0: as many as there are cores.
  };

  explicit FrameConverter(Target target);

  // Replaces the picture in `frame`.
  absl::Status Convert(AVFrame& frame);

 private:
  struct SourceFormat {
    int width = 0;
    int height = 0;
    int pixel_format = -1;
    int color_range = 0;
    int color_space = 2;

    friend bool operator==(const SourceFormat&, const SourceFormat&) = default;
  };

  bool IsConverted(const AVFrame& frame) const;
  absl::Status Filter(AVFrame& frame);
  std::string FilterChain(const AVFrame& frame) const;
  absl::Status BuildGraph(const AVFrame& frame);

  const Target target_;
  SourceFormat graph_source_;  // What `graph_` was built for.
  FilterGraphHandle graph_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FRAME_CONVERTER_H_
