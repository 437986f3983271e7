#include "encoder_bridge/chunk_ledger.h"

#include <cstddef>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

void ChunkLedger::Add(size_t chunk, const Frame& frame) {
  {
    const std::lock_guard lock(mutex_);
    Chunk& c = chunks_[chunk];
    if (frame.info.type != FrameType::kAltRef) {
      c.shown.push_back(c.frames.size());
    }
    c.frames.push_back(frame);
  }
  changed_.notify_all();
}

absl::StatusOr<std::vector<ChunkLedger::Frame>> ChunkLedger::Await(
    size_t chunk, size_t from, int num_shown) {
  if (num_shown <= 0) return std::vector<Frame>();
  const auto last = static_cast<size_t>(num_shown) - 1;
  std::unique_lock lock(mutex_);
  const Chunk& c = chunks_[chunk];
  changed_.wait(lock, [&] { return !stopped_.ok() || last < c.shown.size(); });
  if (!stopped_.ok()) return stopped_;
  std::vector<Frame> frames;
  for (size_t i = from; i <= c.shown[last]; ++i) frames.push_back(c.frames[i]);
  return frames;
}

void ChunkLedger::Stop(const absl::Status& reason) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = reason;
  }
  changed_.notify_all();
}

}  // namespace encoder_bridge
