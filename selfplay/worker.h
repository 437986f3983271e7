#ifndef SELFPLAY_WORKER_H_
#define SELFPLAY_WORKER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/episode_plan.h"
#include "selfplay/episode_player.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/policy_source.h"
#include "selfplay/rollout_gate.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_events.h"

namespace selfplay {

// What all workers of a process share, and what they know of each other.
// Thread-safe as far as it changes; what it refers to must outlive the workers.
struct WorkerSurroundings {
  const TrainingConfig& config;
  // In the same order in all processes of a run.
  const std::vector<TrainingClip>& clips;
  ExperienceStore& store;
  PolicySource& policies;
  RolloutGate& gate;
  ClipShelf& shelf;
  const WorkerEvents& events;

  std::mutex mutex = {};
  // Guarded by mutex:
  std::set<int> clips_left_out = {};  // Indices.
  // How many episodes may still be begun.
  int64_t episodes_left = 0;
};

// Plays episodes, one after the other: waits for the gate, takes a ticket, does
// what PlanEpisode() makes of it with the newest policy, delivers the episode.
// It has no state worth keeping: whenever it is stopped or killed, nothing is
// lost but the episode it was at.  If it ends before an episode does, it gives
// the ticket back, so that somebody else, or the same run later, plays that
// episode; not so if it is killed.
//
// A clip that cannot be encoded is left out by all workers of the process.  An
// episode in which the model failed is not delivered.
//
// Not thread-safe; many run side by side, each on a thread of its own.
class Worker {
 public:
  // `name` tells people who played.
  Worker(WorkerSurroundings& surroundings, std::string name);

  // Returns OK when all episodes are played, or soon after `stop` is requested,
  // whatever the store says then.  Errors: the store's, the policies' and the
  // gate's; FailedPrecondition if all clips are left out; Internal if the model
  // fails again and again.
  absl::Status Run(const std::stop_token& stop);

 private:
  // Both return whether an episode was stored.
  absl::StatusOr<bool> PlayOne(const std::stop_token& stop);
  absl::StatusOr<bool> PlayTicket(int64_t ticket, Policy& policy,
                                  const std::stop_token& stop);
  absl::StatusOr<std::shared_ptr<Policy>> WaitForPolicy(
      const std::stop_token& stop);
  absl::StatusOr<EpisodeRun> Play(const EpisodePlan& plan, Policy& policy,
                                  const std::stop_token& stop);
  absl::StatusOr<bool> Deliver(int64_t ticket, const PlayedEpisode& episode,
                               const PlanningReport& planning);
  // The store's name of `stats`, which are put there if this worker did not do
  // so before.
  absl::StatusOr<std::string> NameFirstPass(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats);

  bool TakeFromQuota();
  void ReturnToQuota();
  bool IsLeftOut(int clip);
  // FailedPrecondition if there is no other clip.
  absl::Status LeaveOut(int clip, const absl::Status& why);
  void Refuse(int64_t ticket, const absl::Status& why);

  WorkerSurroundings& around_;
  const std::string name_;
  std::map<std::string, std::string> first_passes_;  // By a hash of ours.
  int failures_in_a_row_ = 0;                        // Of the model.
};

}  // namespace selfplay

#endif  // SELFPLAY_WORKER_H_
