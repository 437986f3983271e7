#include "encoder_bridge/chunk_shares.h"

#include <algorithm>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/clip_plan.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/scene_cuts.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {
namespace {

constexpr CostFactors kAsPredicted = {1, 1, 1};

}  // namespace

std::vector<double> ChunkShares(int width, int height,
                                absl::Span<const FirstPassFrameStats> stats,
                                absl::Span<const Chunk> chunks, int kf_max_dist,
                                double target_bits) {
  const RateModel model(width, height, stats);
  std::vector<double> leaf_log_bits;
  leaf_log_bits.reserve(stats.size());
  for (int i = 0; i < model.num_frames(); ++i) {
    leaf_log_bits.push_back(model.Leaf(i).log_bits);
  }
  const std::vector<int> scene_cuts = FindSceneCuts(stats);
  const StepOffsets offsets(stats, leaf_log_bits, scene_cuts,
                            StepOffsetOptions());
  const auto plan = [&](int first, int end, BitPlan& bits) {
    ClipPlan(model, offsets,
             {std::upper_bound(scene_cuts.begin(), scene_cuts.end(), first),
              std::lower_bound(scene_cuts.begin(), scene_cuts.end(), end)},
             std::clamp(kf_max_dist, 1, model.num_frames()),
             {.first = first, .end = end}, bits);
  };
  BitPlan clip;
  for (const Chunk& chunk : chunks) plan(chunk.first, chunk.end, clip);
  const double log_base = clip.LogBaseFor(target_bits, kAsPredicted);
  const double predicted = clip.Bits(log_base, kAsPredicted);
  std::vector<double> shares;
  shares.reserve(chunks.size());
  for (const Chunk& chunk : chunks) {
    BitPlan bits;
    plan(chunk.first, chunk.end, bits);
    shares.push_back(target_bits * bits.Bits(log_base, kAsPredicted) /
                     predicted);
  }
  return shares;
}

}  // namespace encoder_bridge
