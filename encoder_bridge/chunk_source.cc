#include "encoder_bridge/chunk_source.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

void ChunkSource::SetChunk(int64_t first, int64_t end) {
  first_ = first;
  end_ = end;
}

absl::Status ChunkSource::Rewind() {
  next_ = first_;
  if (source_at_ == first_) return absl::OkStatus();
  was_read_from_start_ = false;
  source_at_ = first_;
  const auto first = static_cast<size_t>(first_);
  if (source_->StartAt(first_, log_[first].pts).ok()) return absl::OkStatus();
  return ReadUpTo();
}

absl::Status ChunkSource::ReadUpTo() {
  was_read_from_start_ = true;
  absl::Status status = source_->Rewind();
  if (!status.ok()) return status;
  for (source_at_ = 0; source_at_ < next_; ++source_at_) {
    const absl::StatusOr<const VideoFrame*> frame = source_->Next();
    if (!frame.ok()) return frame.status();
    if (*frame == nullptr) break;
  }
  return absl::OkStatus();
}

bool ChunkSource::IsAsLogged(const VideoFrame* frame) const {
  return frame != nullptr && LogOf(*frame) == log_[static_cast<size_t>(next_)];
}

absl::StatusOr<const VideoFrame*> ChunkSource::Next() {
  if (next_ == end_) return nullptr;
  absl::StatusOr<const VideoFrame*> frame = source_->Next();
  if (!was_read_from_start_ && (!frame.ok() || !IsAsLogged(*frame))) {
    const absl::Status status = ReadUpTo();
    if (!status.ok()) return status;
    frame = source_->Next();
  }
  if (!frame.ok()) return frame;
  const LoggedFrame& logged = log_[static_cast<size_t>(next_)];
  if (*frame == nullptr || (*frame)->pts != logged.pts) {
    return absl::FailedPreconditionError(
        absl::StrCat("frame ", next_, " of the first pass, at tick ",
                     logged.pts, ", is not there in the second"));
  }
  ++next_;
  source_at_ = next_;
  return frame;
}

}  // namespace encoder_bridge
