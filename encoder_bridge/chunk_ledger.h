#ifndef ENCODER_BRIDGE_CHUNK_LEDGER_H_
#define ENCODER_BRIDGE_CHUNK_LEDGER_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// What the encoders of a clip's chunks tell each other: what their frames
// turned out to cost.  A reader says up to which frame it wants to know, and
// gets that and no more, however far the other is.  Thread-safe.
class ChunkLedger {
 public:
  struct Frame {
    FrameInfo info;  // `show_index` is that of the clip.
    FrameResult result;
  };

  explicit ChunkLedger(size_t num_chunks) : chunks_(num_chunks) {}

  // Adds the next frame of `chunk` in coding order.
  void Add(size_t chunk, const Frame& frame);

  // Waits until `chunk` has `num_shown` shown frames, and returns its frames in
  // coding order, from the one with index `from` to the last of those, hidden
  // ones among them.  What Stop() was told, once it was called.
  absl::StatusOr<std::vector<Frame>> Await(size_t chunk, size_t from,
                                           int num_shown);

  // Ends all waiting, now and later.  REQUIRES: `reason` is not OK.
  void Stop(const absl::Status& reason);

 private:
  struct Chunk {
    std::vector<Frame> frames;
    std::vector<size_t> shown;  // Indices into `frames`.
  };

  std::mutex mutex_;  // Guards the following.
  std::condition_variable changed_;
  std::vector<Chunk> chunks_;
  absl::Status stopped_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNK_LEDGER_H_
