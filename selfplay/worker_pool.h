#ifndef SELFPLAY_WORKER_POOL_H_
#define SELFPLAY_WORKER_POOL_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy_source.h"
#include "selfplay/rollout_gate.h"
#include "selfplay/training_config.h"
#include "selfplay/worker.h"
#include "selfplay/worker_events.h"

namespace selfplay {

struct WorkerPoolOptions {
  int num_workers = 1;
  // Of this process, for people: workers are called NAME-1, NAME-2, ...
  std::string name;
  // Stored by this pool, after which its workers end.
  int64_t max_episodes = std::numeric_limits<int64_t>::max();
  ClipShelf::Options shelf;
};

// Several workers on threads of their own, which begin at once and end with
// this object.  When one fails, all end.
//
// With one worker, and gate and policies that depend on nothing but what was
// played, the episodes depend on the configuration and the clips alone.
//
// Thread-safe.
class WorkerPool {
 public:
  // All references must outlive this object.  REQUIRES: `config` is valid;
  // there are clips, with unique names; options.num_workers >= 1.
  WorkerPool(const TrainingConfig& config, std::vector<TrainingClip> clips,
             ExperienceStore& store, PolicySource& policies, RolloutGate& gate,
             WorkerEvents events, const WorkerPoolOptions& options);

  // Stops the workers and waits for them.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Lets the workers end within a frame's time; the episodes they are at are
  // thrown away.
  void Stop() { stop_.request_stop(); }

  // Waits until all workers have ended, or for `limit`; returns whether they
  // have.
  bool WaitFor(std::chrono::milliseconds limit);

  // Waits until all workers have ended.
  void Wait();

  // The first error of a worker, so far.
  absl::Status status() const;

 private:
  void Run(int worker);

  const TrainingConfig config_;
  const std::vector<TrainingClip> clips_;
  const WorkerEvents events_;
  const std::string name_;
  ClipShelf shelf_;
  WorkerSurroundings surroundings_;
  std::stop_source stop_;

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  // Guarded by mutex_:
  int running_;
  absl::Status status_;

  std::vector<std::jthread> threads_;  // Last: they use all of the above.
};

}  // namespace selfplay

#endif  // SELFPLAY_WORKER_POOL_H_
