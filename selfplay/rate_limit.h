#ifndef SELFPLAY_RATE_LIMIT_H_
#define SELFPLAY_RATE_LIMIT_H_

#include <cstdint>

#include "selfplay/training_config.h"

namespace selfplay {

// How far both sides of a run are.
struct RunProgress {
  int64_t episodes = 0;        // Stored.
  int64_t steps_inserted = 0;  // Of those episodes.
  int64_t samples_drawn = 0;   // Steps that the learner has drawn.
};

// When workers and learner wait for each other.  What is balanced is
//
//   samples_drawn = samples_per_insert * steps_inserted
//
// from the first step on: the episodes from before learning began are learned
// from as much as later ones.
//
// Once min_episodes are there, always one of the two may go on.  With
// `max_ahead` 0 exactly one may: they take turns, the learner until it has
// drawn what the last episode allows, then one episode, and so on.  Then what
// one worker and a learner do depends on nothing but their seeds.

// By how many episodes, of the average length, self-play is ahead of the
// learner; negative if the learner is ahead.
double EpisodesAhead(const RunProgress& progress,
                     const RateLimitConfig& config);

// Whether another episode may be begun.  Workers that ask at the same time get
// the same answer, so that each of them may go past the limit by an episode.
bool MayInsert(const RunProgress& progress, const RateLimitConfig& config);

// Whether another batch may be drawn.
bool MayDraw(const RunProgress& progress, const RateLimitConfig& config);

}  // namespace selfplay

#endif  // SELFPLAY_RATE_LIMIT_H_
