#include "encoder_bridge/effort_plan.h"

#include <algorithm>

namespace encoder_bridge {
namespace {

// Whether `a` is better than `b` at the end of a clip, as whole clips are.
bool IsBetterEnd(const StretchResult& a, const StretchResult& b) {
  if (a.exceeds_target != b.exceeds_target) return b.exceeds_target;
  return a.exceeds_target ? a.bits < b.bits : a.psnr_sum_db > b.psnr_sum_db;
}

}  // namespace

EffortPlan EffortPlanFor(int effort) {
  EffortPlan plan = {.key_changes = {{},
                                     {.key = 0.4, .alt_ref = -0.25},
                                     {.alt_ref = -0.25},
                                     {.key = 0.4},
                                     {.key = -0.4},
                                     {.alt_ref = 0.25},
                                     {.leaf = 0.1},
                                     {.leaf = -0.1}},
                     .changes = {{},
                                 {.alt_ref = -0.25},
                                 {.alt_ref = 0.25},
                                 {.alt_ref = -0.5},
                                 {.alt_ref = 0.1, .leaf = 0.1},
                                 {.alt_ref = -0.1, .leaf = -0.1},
                                 {.leaf = 0.1},
                                 {.leaf = -0.1}},
                     .changed_frames = 2,
                     .window_frames = 20,
                     .slope_db = 4.5};
  plan.key_changes.resize(static_cast<size_t>(effort));
  plan.changes.resize(static_cast<size_t>(effort));
  return plan;
}

size_t BestStretch(double db_per_bit, absl::Span<const StretchResult> results) {
  const bool is_end =
      std::all_of(results.begin(), results.end(),
                  [](const StretchResult& result) { return result.is_end; });
  const StretchResult& first = results.front();
  const double frame_score =
      (first.psnr_sum_db - db_per_bit * first.bits) / first.shown_frames;
  const auto score = [&](const StretchResult& result) {
    return result.psnr_sum_db - db_per_bit * result.bits -
           result.shown_frames * frame_score;
  };
  size_t best = 0;
  for (size_t i = 1; i < results.size(); ++i) {
    const bool is_better = is_end ? IsBetterEnd(results[i], results[best])
                                  : score(results[i]) > score(results[best]);
    if (is_better) best = i;
  }
  return best;
}

}  // namespace encoder_bridge
