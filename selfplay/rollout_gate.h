#ifndef SELFPLAY_ROLLOUT_GATE_H_
#define SELFPLAY_ROLLOUT_GATE_H_

#include <stop_token>

#include "absl/status/status.h"

namespace selfplay {

// Says when a worker may begin an episode.  Thread-safe: all workers of a
// process ask the same one.
class RolloutGate {
 public:
  virtual ~RolloutGate() = default;

  // Returns OK as soon as an episode may begin.  Cancelled if `stop` was
  // requested first; any other error ends the worker.
  virtual absl::Status WaitToBegin(const std::stop_token& stop) = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_ROLLOUT_GATE_H_
