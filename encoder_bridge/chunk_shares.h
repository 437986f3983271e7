#ifndef ENCODER_BRIDGE_CHUNK_SHARES_H_
#define ENCODER_BRIDGE_CHUNK_SHARES_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// What each of `chunks` is expected to need of `target_bits`, the bits of the
// whole clip, at one base quantizer step for all, as FeedbackController plans
// by.  Sums up to `target_bits`.
// REQUIRES: `stats` has all frames of the chunks, and at least one.
std::vector<double> ChunkShares(int width, int height,
                                absl::Span<const FirstPassFrameStats> stats,
                                absl::Span<const Chunk> chunks, int kf_max_dist,
                                double target_bits);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNK_SHARES_H_
