#include "encoder_bridge/chunk_division.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/types/span.h"

namespace encoder_bridge {
namespace {

// Setting up an encoder and finding the first frame in a file cost time, which
// a chunk must be worth; and a clip of any length should keep many cores busy.
constexpr int kShortestChunk = 24;
constexpr int kUsualChunk = 256;
constexpr int kUsualChunks = 32;
// As many wait in temporary files at most, but for those being coded.
constexpr size_t kChunksSortedTogether = 64;

int NumPieces(int num_frames, int max_chunks) {
  if (max_chunks > 0) {
    return std::min(max_chunks, std::max(1, num_frames / kShortestChunk));
  }
  const int length =
      std::clamp(num_frames / kUsualChunks, kShortestChunk, kUsualChunk);
  return std::max(1, num_frames / length);
}

// The one of `key_frames`, which rise, that is nearest to `place`.
int Nearest(absl::Span<const int> key_frames, int place) {
  const auto after =
      std::lower_bound(key_frames.begin(), key_frames.end(), place);
  if (after == key_frames.begin()) return *after;
  const int before = *(after - 1);
  if (after == key_frames.end()) return before;
  return *after - place < place - before ? *after : before;
}

// Puts every chunk, in the order of `order`, on the lane that is free first.
void PutOnLanes(const std::vector<size_t>& order, int num_lanes,
                std::vector<Chunk>& chunks) {
  std::vector<int64_t> free_at(static_cast<size_t>(num_lanes), 0);
  for (const size_t index : order) {
    const auto lane = std::min_element(free_at.begin(), free_at.end());
    Chunk& chunk = chunks[index];
    chunk.lane = static_cast<int>(lane - free_at.begin());
    chunk.start_time = *lane;
    *lane += chunk.num_frames();
  }
}

}  // namespace

std::vector<Chunk> DivideIntoChunks(absl::Span<const int> key_frames,
                                    int num_frames,
                                    const ChunkDivisionOptions& options) {
  std::vector<Chunk> chunks = {{.first = 0, .end = num_frames}};
  const int pieces = NumPieces(num_frames, options.max_chunks);
  for (int i = 1; i < pieces; ++i) {
    const int key =
        Nearest(key_frames, static_cast<int>(int64_t{num_frames} * i / pieces));
    if (key - chunks.back().first < kShortestChunk ||
        num_frames - key < kShortestChunk) {
      continue;
    }
    chunks.back().end = key;
    chunks.push_back({.first = key, .end = num_frames});
  }
  std::vector<size_t> order(chunks.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = 0; i < order.size(); i += kChunksSortedTogether) {
    const size_t end = std::min(order.size(), i + kChunksSortedTogether);
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(i),
                     order.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](size_t a, size_t b) {
                       return chunks[a].num_frames() > chunks[b].num_frames();
                     });
  }
  PutOnLanes(order,
             std::min(options.max_lanes, static_cast<int>(chunks.size())),
             chunks);
  return chunks;
}

int NumLanes(absl::Span<const Chunk> chunks) {
  int lanes = 0;
  for (const Chunk& chunk : chunks) lanes = std::max(lanes, chunk.lane + 1);
  return lanes;
}

}  // namespace encoder_bridge
