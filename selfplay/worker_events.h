#ifndef SELFPLAY_WORKER_EVENTS_H_
#define SELFPLAY_WORKER_EVENTS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "selfplay/experience_store.h"
#include "selfplay/planning_report.h"
#include "selfplay/played_episode.h"

namespace selfplay {

// An episode that was played to its end.  References are valid during the call.
struct EpisodeEvent {
  int64_t ticket = 0;
  const PlayedEpisode& episode;
  const EpisodeReceipt& receipt;
  const PlanningReport& planning;
  double store_seconds = 0;  // Wall time that storing it took.
};

// What people may want to know of workers.  Each is called by the threads of
// workers, one call at a time; any may be empty.
struct WorkerEvents {
  // An episode is in the store.
  std::function<void(const EpisodeEvent&)> on_episode;
  // An episode was played and is not in the store: the model failed, or the
  // store refused it.
  std::function<void(int64_t ticket, const absl::Status& why)> on_refused;
  // A clip cannot be encoded; said once, then it is left out.
  std::function<void(const std::string& clip, const absl::Status& why)>
      on_clip_left_out;
};

}  // namespace selfplay

#endif  // SELFPLAY_WORKER_EVENTS_H_
