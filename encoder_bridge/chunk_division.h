#ifndef ENCODER_BRIDGE_CHUNK_DIVISION_H_
#define ENCODER_BRIDGE_CHUNK_DIVISION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace encoder_bridge {

// Frames of a clip that one encoder of its own codes, and when.
//
// Chunks are coded on a number of lanes, one after the other on each.  Time is
// counted in shown frames and every frame takes as long as any other, so that
// what is before what does not depend on how fast a computer is.
struct Chunk {
  int first = 0;  // Show index, of a key frame.
  int end = 0;    // Behind the last.
  int lane = 0;
  int64_t start_time = 0;  // When its first frame is coded, in frames.

  int num_frames() const { return end - first; }
};

struct ChunkDivisionOptions {
  // As many chunks at most; 0: as many as suit the clip's length.
  int max_chunks = 0;
  int max_lanes = 8;
};

// Divides a clip at `key_frames`: show indices, rising, the first of them 0.
// The chunks returned are in the order of the clip; there is always one, and
// only one if the clip is too short or has no key frame to divide it at.
// Within every 64 chunks the longest start first, so that none is left alone at
// the end.
// REQUIRES: num_frames > 0, max_chunks >= 0, max_lanes >= 1.
std::vector<Chunk> DivideIntoChunks(absl::Span<const int> key_frames,
                                    int num_frames,
                                    const ChunkDivisionOptions& options);

// How many lanes `chunks` are on.
int NumLanes(absl::Span<const Chunk> chunks);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CHUNK_DIVISION_H_
