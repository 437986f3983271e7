#ifndef SELFPLAY_FORKED_JOBS_H_
#define SELFPLAY_FORKED_JOBS_H_

#include <functional>

#include "absl/status/status.h"

namespace selfplay {

// Jobs with a process each: for work that forks itself, or that must not end
// the program with it.
struct ForkedJobs {
  int count = 0;
  int at_once = 1;
  // Does job `i` of `count`, in a process that is a copy of this one, but for
  // its threads, and ignores SIGINT, SIGTERM and SIGHUP.
  std::function<absl::Status(int i)> work;
  // What became of job `i`; Internal if its process died.  Here, as the next.
  std::function<void(int i, const absl::Status& status)> on_done;
  // Asked some times a second; true kills the jobs under way.
  std::function<bool()> should_stop;
};

// Returns when all jobs are done or killed.  Cancelled if `should_stop` said
// so; ResourceExhausted if there can be no process.
absl::Status RunForkedJobs(const ForkedJobs& jobs);

}  // namespace selfplay

#endif  // SELFPLAY_FORKED_JOBS_H_
