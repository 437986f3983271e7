#ifndef ENCODER_BRIDGE_FRAME_LOG_H_
#define ENCODER_BRIDGE_FRAME_LOG_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// What a frame is known again by.
struct LoggedFrame {
  int64_t pts = 0;       // As VideoFrame's.
  int64_t duration = 0;  // As VideoFrame's.
  uint64_t hash = 0;     // Of all samples.

  friend bool operator==(const LoggedFrame&, const LoggedFrame&) = default;
};

LoggedFrame LogOf(const VideoFrame& frame);

// Passes on the frames of a source and keeps a log of them, which begins anew
// with Rewind().  Not thread-safe.
class FrameLog : public FrameSource {
 public:
  // `source` must outlive this object, which begins where the source is.
  explicit FrameLog(FrameSource& source) : source_(source) {}

  const VideoFormat& format() const override { return source_.format(); }
  absl::StatusOr<const VideoFrame*> Next() override;
  absl::Status Rewind() override;

  const std::vector<LoggedFrame>& frames() const { return frames_; }

 private:
  FrameSource& source_;
  std::vector<LoggedFrame> frames_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FRAME_LOG_H_
