#ifndef ENCODER_BRIDGE_CHUNKED_PASS_H_
#define ENCODER_BRIDGE_CHUNKED_PASS_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/seekable_source.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace encoder_bridge {

// How a clip is divided for a second pass in chunks, by its first pass.
// Errors: InvalidArgument if the statistics are none.
absl::StatusOr<std::vector<Chunk>> PlanChunks(
    const FirstPassResult& first_pass, const EncoderSettings& settings,
    const ChunkDivisionOptions& options);

// Where each chunk but the first begins: FeedbackOptions::chunk_starts.
std::vector<int> ChunkStarts(const std::vector<Chunk>& chunks);

// Settings with which RunFirstPass() finds the same as with `settings`, but on
// all of their threads at once.
EncoderSettings ParallelFirstPassSettings(const EncoderSettings& settings);

struct ChunkedPassOptions {
  // A FeedbackController that has the ChunkStarts() and steers the clip as a
  // whole, one for each lane; or any controller, one for each chunk, which
  // knows of no other.
  enum class ControllerFor { kLane, kChunk };

  std::vector<Chunk> chunks;     // PlanChunks()'s, at least one.
  std::vector<LoggedFrame> log;  // The first pass's frames.
  // Opens the clip once more, from its beginning.  Called on several threads.
  std::function<absl::StatusOr<std::unique_ptr<SeekableSource>>()> open_source;
  double target_kbps = 0;
  ControllerFor controller_for = ControllerFor::kLane;
  // Called on several threads.
  std::function<absl::StatusOr<std::unique_ptr<RateController>>()>
      make_controller;
};

// RunSecondPass() with a RateController, but for each chunk with an encoder of
// its own, as many at once as there are lanes, each on a thread.  The packets
// of all chunks come to `sink` as one stream; those of later chunks wait in
// temporary files.  What comes out depends on the chunks alone.
//
// `sink` and `progress` are called on the thread that calls this; `progress`
// about ten times a second, with the frames of all chunks.  `settings.threads`
// are shared by the lanes.
//
// Errors: InvalidArgument if a lane's controller is no FeedbackController;
// as RunSecondPass()'s, and PacketSpool's; the first of any chunk ends
// all.
absl::StatusOr<EncodeResult> RunChunkedPass(const ChunkedPassOptions& options,
                                            const EncoderSettings& settings,
                                            const FirstPassResult& first_pass,
                                            PacketSink& sink,
                                            const ProgressFn& progress);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNKED_PASS_H_
