#ifndef SELFPLAY_DECODED_CLIP_H_
#define SELFPLAY_DECODED_CLIP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"

namespace selfplay {

// All frames of a video in memory, decoded and scaled once for any number of
// encodes.  Immutable, so any number of threads may read it.
class DecodedClip {
 public:
  // Reads `source` from its beginning to its end.
  // Errors: the source's; ResourceExhausted if the frames take more than
  // `max_bytes`; Cancelled if `stop` is requested.
  static absl::StatusOr<std::shared_ptr<const DecodedClip>> Read(
      encoder_bridge::FrameSource& source, int64_t max_bytes,
      const std::stop_token& stop);

  const encoder_bridge::VideoFormat& format() const { return format_; }
  const std::vector<encoder_bridge::VideoFrame>& frames() const {
    return frames_;
  }
  int64_t bytes() const { return bytes_; }

 private:
  explicit DecodedClip(encoder_bridge::VideoFormat format)
      : format_(std::move(format)) {}

  void Add(const encoder_bridge::VideoFrame& frame);

  const encoder_bridge::VideoFormat format_;
  std::vector<std::vector<uint8_t>> samples_;       // Of one frame each.
  std::vector<encoder_bridge::VideoFrame> frames_;  // Views of samples_.
  int64_t bytes_ = 0;
};

// The frames of a DecodedClip as if they were just read.
class DecodedClipSource : public encoder_bridge::FrameSource {
 public:
  explicit DecodedClipSource(std::shared_ptr<const DecodedClip> clip)
      : clip_(std::move(clip)) {}

  const encoder_bridge::VideoFormat& format() const override {
    return clip_->format();
  }
  absl::StatusOr<const encoder_bridge::VideoFrame*> Next() override {
    if (next_ == clip_->frames().size()) return nullptr;
    return &clip_->frames()[next_++];
  }
  absl::Status Rewind() override {
    next_ = 0;
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const DecodedClip> clip_;
  size_t next_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_DECODED_CLIP_H_
