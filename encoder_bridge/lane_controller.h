#ifndef ENCODER_BRIDGE_LANE_CONTROLLER_H_
#define ENCODER_BRIDGE_LANE_CONTROLLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/chunk_ledger.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// Chooses for the chunks of one lane, one after the other, out of the bits of
// the whole clip: its FeedbackController plans the clip and knows of every
// frame of the other lanes that was coded `kDelay` frames ago or earlier, by
// the time of Chunk.  Where another lane is not yet as far, this one waits.  So
// choices depend on the chunks alone, not on how fast what is coded.
//
// Call BeginChunk(), then have the chunk encoded.  Not thread-safe, but lanes
// on different threads may share a ledger.
class LaneController : public RateController {
 public:
  // The less the delay, the more a lane knows, and the more it waits.
  static constexpr int kDelay = 4;

  // `feedback` has got the clip's statistics, and `chunk_starts` of `chunks`.
  // `chunks` and `ledger` must outlive this object.
  LaneController(const std::vector<Chunk>& chunks, int lane,
                 std::unique_ptr<FeedbackController> feedback,
                 ChunkLedger& ledger);

  // What comes next is of the chunk with this index, which is on this lane and
  // later than those before.
  void BeginChunk(size_t chunk);

  // Takes no notice of what libvpx says: the statistics of a chunk.
  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override;
  // Also the ledger's errors.
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override;
  absl::Status OnFrameEncoded(const FrameResult& result) override;

 private:
  // A chunk of another lane, and how much of it is known here.
  struct Other {
    size_t chunk = 0;
    size_t num_frames = 0;
    int num_shown = 0;
  };

  // Learns what was coded before `time`.
  absl::Status CatchUp(int64_t time);
  absl::Status Learn(Other& other, int num_shown);

  const std::vector<Chunk>& chunks_;
  const std::unique_ptr<FeedbackController> feedback_;
  ChunkLedger& ledger_;
  std::vector<size_t> to_come_;  // Chunks of other lanes, the next one last.
  std::vector<Other> others_;    // Begun, and not known to their end.
  size_t chunk_ = 0;
  int num_shown_ = 0;  // Of `chunk_`.
  FrameInfo pending_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_LANE_CONTROLLER_H_
