#ifndef ENCODER_BRIDGE_CHUNK_SOURCE_H_
#define ENCODER_BRIDGE_CHUNK_SOURCE_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/seekable_source.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// The frames of one chunk of a clip after the other, the same as a log of the
// whole clip has.  It has its own source and goes to the chunk's place in it;
// where that gives other frames than the log's, it reads the source from its
// beginning.  Not thread-safe.
class ChunkSource : public FrameSource {
 public:
  // `log` must outlive this object.
  ChunkSource(std::unique_ptr<SeekableSource> source,
              const std::vector<LoggedFrame>& log)
      : source_(std::move(source)), log_(log) {}

  // Makes the chunk that of frames `first` to `end` - 1; call Rewind() then.
  void SetChunk(int64_t first, int64_t end);

  const VideoFormat& format() const override { return source_->format(); }
  // Also FailedPrecondition if the source has not the log's frames.
  absl::StatusOr<const VideoFrame*> Next() override;
  absl::Status Rewind() override;

 private:
  bool IsAsLogged(const VideoFrame* frame) const;
  // Makes the frame with index `next_` the source's next.
  absl::Status ReadUpTo();

  const std::unique_ptr<SeekableSource> source_;
  const std::vector<LoggedFrame>& log_;
  int64_t first_ = 0;
  int64_t end_ = 0;
  int64_t next_ = 0;       // Index of the next frame to return.
  int64_t source_at_ = 0;  // Index of the source's next frame.
  // Since the source was read from its beginning: then it gives what it gives.
  bool was_read_from_start_ = true;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNK_SOURCE_H_
