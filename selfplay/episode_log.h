#ifndef SELFPLAY_EPISODE_LOG_H_
#define SELFPLAY_EPISODE_LOG_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"

namespace selfplay {

// What a stored episode came to, without its steps.
struct LoggedEpisode {
  int64_t sequence = 0;
  double stored_at = 0;  // Seconds since 1970.
  Pair pair;
  double reward = 0;
  bool has_history = false;  // There was a past to compare it with.
  Outcome outcome;
  double bits_fraction = 0;  // Bits over its target.
};

// The newest `limit` episodes that are kept, oldest first.  The store is read
// piece by piece: memory is what the log takes.
//
// Errors: the store's.
absl::StatusOr<std::vector<LoggedEpisode>> ReadEpisodeLog(
    ExperienceStore& store, int64_t limit);

}  // namespace selfplay

#endif  // SELFPLAY_EPISODE_LOG_H_
