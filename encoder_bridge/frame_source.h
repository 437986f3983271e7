#ifndef ENCODER_BRIDGE_FRAME_SOURCE_H_
#define ENCODER_BRIDGE_FRAME_SOURCE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// Frames in display order, readable more than once: a two-pass encode reads
// them twice and must see the same frames both times.  Not thread-safe.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  // The same for the lifetime of the source.
  virtual const VideoFormat& format() const = 0;

  // Returns the next frame, or nullptr after the last.  The frame and its
  // planes are valid until the next call of Next() or Rewind().
  virtual absl::StatusOr<const VideoFrame*> Next() = 0;

  // Makes the first frame the next one again.
  virtual absl::Status Rewind() = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FRAME_SOURCE_H_
