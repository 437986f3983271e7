#ifndef ENCODER_BRIDGE_VIDEO_READER_OPTIONS_H_
#define ENCODER_BRIDGE_VIDEO_READER_OPTIONS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace encoder_bridge {

struct VideoReaderOptions {
  // Output size.  With both set the picture is scaled to exactly that size,
  // keeping its display aspect ratio through the sample aspect ratio; with only
  // `height`, the width follows from the picture's shape (rounded to even).
  // 0: the size of the video.
  int width = 0;
  int height = 0;
  // Never scale up: `height` is then an upper bound.
  bool only_shrink = false;
  // Of the frames: 8 or 10; none: the video's own, 10 at most.
  std::optional<int> bit_depth = 8;
  double start_seconds = 0;                // Skip what is shown before.
  std::optional<double> duration_seconds;  // Read no more than this.
  std::optional<int64_t> max_frames;       // Read no more frames than this.
  int decoder_threads = 1;                 // 0: as many as there are cores.
};

// Errors: InvalidArgument, with what is out of range.
absl::Status Validate(const VideoReaderOptions& options);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VIDEO_READER_OPTIONS_H_
