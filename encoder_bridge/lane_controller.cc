#include "encoder_bridge/lane_controller.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/chunk_ledger.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

LaneController::LaneController(const std::vector<Chunk>& chunks, int lane,
                               std::unique_ptr<FeedbackController> feedback,
                               ChunkLedger& ledger)
    : chunks_(chunks), feedback_(std::move(feedback)), ledger_(ledger) {
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (chunks[i].lane != lane) to_come_.push_back(i);
  }
  std::stable_sort(to_come_.begin(), to_come_.end(), [&](size_t a, size_t b) {
    return chunks[a].start_time > chunks[b].start_time;
  });
}

void LaneController::BeginChunk(size_t chunk) {
  chunk_ = chunk;
  num_shown_ = 0;
}

absl::Status LaneController::OnFirstPassStats(
    absl::Span<const FirstPassFrameStats> /*stats*/) {
  return absl::OkStatus();
}

absl::StatusOr<int> LaneController::ChooseQIndex(const FrameInfo& frame) {
  const Chunk& chunk = chunks_[chunk_];
  const absl::Status status = CatchUp(chunk.start_time + num_shown_ - kDelay);
  if (!status.ok()) return status;
  pending_ = frame;
  pending_.show_index += chunk.first;
  return feedback_->ChooseQIndex(pending_);
}

absl::Status LaneController::OnFrameEncoded(const FrameResult& result) {
  if (pending_.type != FrameType::kAltRef) ++num_shown_;
  const absl::Status status = feedback_->OnFrameEncoded(result);
  if (status.ok()) ledger_.Add(chunk_, {.info = pending_, .result = result});
  return status;
}

absl::Status LaneController::CatchUp(int64_t time) {
  while (!to_come_.empty() && chunks_[to_come_.back()].start_time < time) {
    others_.push_back({.chunk = to_come_.back()});
    to_come_.pop_back();
  }
  for (Other& other : others_) {
    const Chunk& chunk = chunks_[other.chunk];
    const auto shown = static_cast<int>(
        std::min<int64_t>(time - chunk.start_time, chunk.num_frames()));
    if (shown <= other.num_shown) continue;
    const absl::Status status = Learn(other, shown);
    if (!status.ok()) return status;
  }
  std::erase_if(others_, [&](const Other& other) {
    return other.num_shown == chunks_[other.chunk].num_frames();
  });
  return absl::OkStatus();
}

absl::Status LaneController::Learn(Other& other, int num_shown) {
  const auto frames = ledger_.Await(other.chunk, other.num_frames, num_shown);
  if (!frames.ok()) return frames.status();
  for (const ChunkLedger::Frame& frame : *frames) {
    const absl::Status status =
        feedback_->OnFrameElsewhere(frame.info, frame.result);
    if (!status.ok()) return status;
  }
  other.num_frames += frames->size();
  other.num_shown = num_shown;
  return absl::OkStatus();
}

}  // namespace encoder_bridge
