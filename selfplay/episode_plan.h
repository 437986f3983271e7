#ifndef SELFPLAY_EPISODE_PLAN_H_
#define SELFPLAY_EPISODE_PLAN_H_

#include <cstdint>

#include "muzero/search_config.h"
#include "selfplay/training_config.h"

namespace selfplay {

// What one episode is to be: all that is up to chance in it.
struct EpisodePlan {
  int clip = 0;              // Index into the clips.
  int target = 0;            // Index into EpisodeConfig::targets_kbps.
  uint64_t search_seed = 0;  // Of the search's noise.
  double exploration = 1;    // What the noise is multiplied with.
  bool is_guarded = false;   // Whether BitrateGuard watches over it.
};

// What plans are drawn from.
struct EpisodeChoices {
  int num_clips = 0;
  int num_targets = 0;
  uint64_t seed = 1;  // The run's.
};

// The episode with number `ticket`, 0, 1, 2, ...  Every pair of clip and target
// comes once in each round of num_clips * num_targets tickets, in an order that
// is drawn anew for each round: all pairs get the same number of episodes,
// whoever plays them.
//
// The same arguments give the same plan, on every machine.  O(pairs).
// REQUIRES: `ticket` >= 0; there is a clip and a target.
EpisodePlan PlanEpisode(int64_t ticket, const EpisodeChoices& choices,
                        const SelfPlayConfig& config);

// SelfPlayConfig's factor: 1 at ticket 0, falling in a straight line to
// final_exploration at ticket exploration_episodes, where it stays.
double ExplorationAt(int64_t ticket, const SelfPlayConfig& config);

// `search` with its noise multiplied by `exploration`.
muzero::SearchConfig WithExploration(const muzero::SearchConfig& search,
                                     double exploration);

}  // namespace selfplay

#endif  // SELFPLAY_EPISODE_PLAN_H_
