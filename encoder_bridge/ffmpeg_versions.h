#ifndef ENCODER_BRIDGE_FFMPEG_VERSIONS_H_
#define ENCODER_BRIDGE_FFMPEG_VERSIONS_H_

#include <cstdint>

struct AVFrame;
struct AVStream;

// What FFmpeg's releases have in different places.
namespace encoder_bridge {

// In ticks of the frame's stream; 0 if not known.
int64_t DurationOf(const AVFrame& frame);

bool IsInterlaced(const AVFrame& frame);

// The nine entries of the container's AV_PKT_DATA_DISPLAYMATRIX, which the
// stream keeps; null if there is none.  (FFmpeg's side data is a buffer of its
// own, aligned for any type.)
const int32_t* DisplayMatrixOf(const AVStream& stream);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FFMPEG_VERSIONS_H_
