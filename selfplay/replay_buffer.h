#ifndef SELFPLAY_REPLAY_BUFFER_H_
#define SELFPLAY_REPLAY_BUFFER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/episode.h"
#include "muzero/model.h"
#include "selfplay/sum_tree.h"

namespace selfplay {

struct ReplayConfig {
  int capacity_steps = 100'000;
  // alpha: a step is drawn in proportion to priority^alpha; 0: uniformly.
  double priority_exponent = 0.6;
  // beta: how much of the bias of uneven drawing the weights take back; 1: all.
  double importance_exponent = 0.4;
  // Added to every priority, so that no step is lost for good.
  double priority_floor = 1e-3;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// A finished episode and a way to get at what was seen in it.
struct ReplayEpisode {
  muzero::Episode episode;
  // The observation before `step`, stored or made again from what the episode
  // knows.  REQUIRES: 0 <= step < episode.steps.size().
  std::function<muzero::Observation(int step)> observe;
};

// Names a step for as long as its episode is in the buffer, and no other one
// ever after.
struct StepKey {
  int64_t episode_id = 0;
  int step = 0;
};

struct DrawnStep {
  StepKey key;
  // Borrowed from the buffer, until the next Insert().
  const ReplayEpisode* episode = nullptr;
  // (N P(step))^-beta, with the largest of the batch as 1.
  double importance_weight = 1;
};

// All that draws depend on besides the episodes, for going on later.
struct ReplayState {
  int64_t oldest_id = 0;  // Of the oldest episode.
  int first_slot = 0;     // Of that episode's first step.
  double highest_priority = 1;
  std::vector<double> weights;  // [num_steps] priority^alpha, oldest first.
};

// Episodes to learn from, whose steps are drawn by priority [Schaul et al.
// 2016, "Prioritized Experience Replay"; MuZero, App. G].  Whole episodes go
// in, and go out again oldest first; single steps are drawn.
//
// The learner's order of calls is
//
//   Insert+  (Draw  UpdatePriorities)*
//
// where the new priority of a step is how wrong its value was foretold.
//
// Not thread-safe.
class ReplayBuffer {
 public:
  // REQUIRES: `config` is valid.
  explicit ReplayBuffer(const ReplayConfig& config);

  // Stores `episode` and drops the oldest ones it has no room for.  Its steps
  // get the highest priority in use so far, so that they are soon drawn once.
  // Returns the episode's id: 0 for the first, then 1, 2, ...
  // O(steps log capacity).
  // Errors: InvalidArgument if it has no steps or more than fit.
  absl::StatusOr<int64_t> Insert(ReplayEpisode episode);

  // `count` steps, each drawn by itself, so one can come twice.  The same
  // contents and generator state draw the same steps.  O(count log capacity).
  // REQUIRES: num_steps() > 0; count >= 0.
  std::vector<DrawnStep> Draw(int count, std::mt19937_64& random) const;

  // A step whose episode has gone in the meantime is left alone.
  // O(log capacity) for each.
  // REQUIRES: `priority` is finite, >= 0; the key came from Draw(), or names a
  // step of an inserted episode.
  void UpdatePriority(const StepKey& key, double priority);

  int num_episodes() const { return static_cast<int>(entries_.size()); }
  int num_steps() const { return num_steps_; }
  // REQUIRES: 0 <= index < num_episodes(); 0 is the oldest.
  const ReplayEpisode& episode(int index) const;
  // To change rewards, policies or values in.
  // REQUIRES: as above; the number of steps stays.
  muzero::Episode& mutable_episode(int index);
  // REQUIRES: it was drawn, or inserted, and not dropped since.
  int index_of(int64_t episode_id) const {
    return static_cast<int>(episode_id - oldest_id_);
  }

  // A buffer of the same configuration that is given the same episodes and this
  // state draws the same.
  ReplayState state() const;
  // FailedPrecondition unless this buffer is empty and `episodes` have as many
  // steps as `state` has weights.
  absl::Status Restore(const ReplayState& state,
                       std::vector<ReplayEpisode> episodes);

 private:
  // A stored episode; its steps have the slots first_slot, first_slot + 1, ...,
  // which go round at the buffer's end.
  struct Entry {
    ReplayEpisode episode;
    int first_slot = 0;
  };
  // What a slot holds; stale where its weight is 0.
  struct SlotOwner {
    int64_t episode_id = 0;
    int step = 0;
  };

  int SlotOf(const Entry& stored, int step) const;
  const Entry& entry(int64_t episode_id) const;
  double WeightOf(double priority) const;
  void DropOldest();

  const ReplayConfig config_;
  std::deque<Entry> entries_;  // Oldest first.
  int64_t oldest_id_ = 0;      // Of entries_.front(), once there is one.
  int num_steps_ = 0;
  int next_slot_ = 0;
  double highest_priority_ = 1;
  std::vector<SlotOwner> owners_;  // [capacity_steps]
  SumTree weights_;                // [capacity_steps], priority^alpha.
};

}  // namespace selfplay

#endif  // SELFPLAY_REPLAY_BUFFER_H_
