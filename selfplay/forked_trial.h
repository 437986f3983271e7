#ifndef SELFPLAY_FORKED_TRIAL_H_
#define SELFPLAY_FORKED_TRIAL_H_

#include <sys/types.h>

#include "absl/status/statusor.h"

namespace selfplay {

// What coding a part of a clip came to.
struct TrialResult {
  double bits = 0;
  double psnr_sum_db = 0;  // Over the shown frames.
  int shown_frames = 0;
};

// A copy of this process that goes on where it is, tries something, tells the
// result and ends: libvpx cannot take a frame back, but the operating system
// can.
//
//   auto trial = ForkedTrial::Begin();
//   if (trial->IsTrial()) { ...; trial->Finish(result); }
//   else { result = trial->Wait(); }
//
// The copy has the thread that calls and no other; the process should have no
// others that hold locks.  It ends when its parent does.
class ForkedTrial {
 public:
  // Returns in both processes.  ResourceExhausted if there can be no other.
  static absl::StatusOr<ForkedTrial> Begin();

  ForkedTrial(ForkedTrial&& other) noexcept;
  ForkedTrial& operator=(ForkedTrial&& other) noexcept;
  ~ForkedTrial();

  bool IsTrial() const { return child_ == 0; }

  // In the trial: tells `result`, and ends the process without any cleaning up.
  [[noreturn]] void Finish(const TrialResult& result) const;
  // The same without a result.
  [[noreturn]] static void GiveUp();

  // In the parent: waits for the trial's end.  Internal if it gave up or died.
  // To be called once.
  absl::StatusOr<TrialResult> Wait();

 private:
  ForkedTrial(pid_t child, int pipe) : child_(child), pipe_(pipe) {}

  pid_t child_ = -1;  // 0 in the trial.
  int pipe_ = -1;     // Read by the parent, written by the trial.
};

}  // namespace selfplay

#endif  // SELFPLAY_FORKED_TRIAL_H_
