#include "encoder_bridge/chunk_shares.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>
#include <vector>

#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

constexpr double kTargetBits = 2e6;

std::vector<double> Shares(const std::vector<FirstPassFrameStats>& stats,
                           const std::vector<int>& starts) {
  std::vector<Chunk> chunks;
  for (size_t i = 0; i < starts.size(); ++i) {
    chunks.push_back({.first = starts[i],
                      .end = i + 1 < starts.size()
                                 ? starts[i + 1]
                                 : static_cast<int>(stats.size())});
  }
  return ChunkShares(640, 360, stats, chunks, /*kf_max_dist=*/128, kTargetBits);
}

TEST(ChunkSharesTest, AreTheWholeTargetTogether) {
  const auto shares = Shares(SteadyStats(200), {0, 50, 90});
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), kTargetBits,
              1);
}

TEST(ChunkSharesTest, AreEqualOfEqualChunks) {
  const auto shares = Shares(SteadyStats(200), {0, 100});
  EXPECT_NEAR(shares[0] / shares[1], 1, 0.05);
}

TEST(ChunkSharesTest, AreMoreOfChunksThatAreHarderToCode) {
  auto stats = SteadyStats(200);
  for (size_t i = 100; i < stats.size(); ++i) {
    stats[i].coded_error *= 4;
    stats[i].sr_coded_error *= 4;
    stats[i].intra_error *= 4;
  }
  const auto shares = Shares(stats, {0, 100});
  EXPECT_GT(shares[1], 1.5 * shares[0]);
}

}  // namespace
}  // namespace encoder_bridge
