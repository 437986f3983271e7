#include "selfplay/worker_pool.h"

#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy_source.h"
#include "selfplay/rollout_gate.h"
#include "selfplay/training_config.h"
#include "selfplay/worker.h"
#include "selfplay/worker_events.h"

namespace selfplay {

WorkerPool::WorkerPool(const TrainingConfig& config,
                       std::vector<TrainingClip> clips, ExperienceStore& store,
                       PolicySource& policies, RolloutGate& gate,
                       WorkerEvents events, const WorkerPoolOptions& options)
    : config_(config),
      clips_(std::move(clips)),
      events_(std::move(events)),
      name_(options.name),
      shelf_(config.episode, options.shelf),
      surroundings_{.config = config_,
                    .clips = clips_,
                    .store = store,
                    .policies = policies,
                    .gate = gate,
                    .shelf = shelf_,
                    .events = events_,
                    .episodes_left = options.max_episodes},
      running_(options.num_workers) {
  for (int i = 1; i <= options.num_workers; ++i) {
    threads_.emplace_back([this, i] { Run(i); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

void WorkerPool::Run(int worker) {
  const absl::Status status =
      Worker(surroundings_, absl::StrCat(name_, "-", worker))
          .Run(stop_.get_token());
  if (!status.ok()) Stop();
  const std::lock_guard lock(mutex_);
  status_.Update(status);
  --running_;
  ended_.notify_all();
}

bool WorkerPool::WaitFor(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, limit, [this] { return running_ == 0; });
}

void WorkerPool::Wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0; });
}

absl::Status WorkerPool::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace selfplay
