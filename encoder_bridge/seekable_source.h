#ifndef ENCODER_BRIDGE_SEEKABLE_SOURCE_H_
#define ENCODER_BRIDGE_SEEKABLE_SOURCE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "encoder_bridge/frame_source.h"

namespace encoder_bridge {

// Frames that can be read from some place on.
class SeekableSource : public FrameSource {
 public:
  // Tries to make the frame with `index`, from 0, the next one; its VideoFrame
  // has `pts`.  It is a try: an index of a file may lie, so that the caller has
  // to look at what comes.  Where it fails, only Rewind() helps.
  virtual absl::Status StartAt(int64_t index, int64_t pts) = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SEEKABLE_SOURCE_H_
