#ifndef SELFPLAY_RUN_END_H_
#define SELFPLAY_RUN_END_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"

namespace selfplay {

// The store's setting that tells workers whether there is still something to
// play for: seconds since 1970 when the learner ended the run of its own
// accord, as a decimal number; empty or missing while the run goes on.  A
// learner that was killed or interrupted has not ended the run.
inline constexpr char kFinishedAtSetting[] = "finished_at";

// For the learner: when it begins, or goes on, and when it has come to the end
// that it was given.  Errors: the store's.
absl::Status TellRunGoesOn(ExperienceStore& store);
absl::Status TellRunIsFinished(ExperienceStore& store);

// For everybody else.  Errors: the store's.
absl::StatusOr<bool> IsRunFinished(ExperienceStore& store);

}  // namespace selfplay

#endif  // SELFPLAY_RUN_END_H_
