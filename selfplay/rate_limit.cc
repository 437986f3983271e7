#include "selfplay/rate_limit.h"

#include <cstdint>

#include "selfplay/training_config.h"

namespace selfplay {
namespace {

// Steps that may still be drawn; a fraction at most of one that may not.
double SamplesOwed(const RunProgress& progress, const RateLimitConfig& config) {
  return config.samples_per_insert *
             static_cast<double>(progress.steps_inserted) -
         static_cast<double>(progress.samples_drawn);
}

}  // namespace

double EpisodesAhead(const RunProgress& progress,
                     const RateLimitConfig& config) {
  if (progress.steps_inserted <= 0) return 0;
  const double samples_per_episode =
      config.samples_per_insert * static_cast<double>(progress.steps_inserted) /
      static_cast<double>(progress.episodes);
  return SamplesOwed(progress, config) / samples_per_episode;
}

bool MayInsert(const RunProgress& progress, const RateLimitConfig& config) {
  return progress.episodes < config.min_episodes ||
         EpisodesAhead(progress, config) <=
             static_cast<double>(config.max_ahead);
}

bool MayDraw(const RunProgress& progress, const RateLimitConfig& config) {
  return progress.episodes >= config.min_episodes &&
         SamplesOwed(progress, config) > 0;
}

}  // namespace selfplay
