#ifndef SELFPLAY_LEARNER_GATE_H_
#define SELFPLAY_LEARNER_GATE_H_

#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/rate_limit.h"
#include "selfplay/rollout_gate.h"
#include "selfplay/training_config.h"

namespace selfplay {

// The store's setting that tells how many steps the learner has drawn so far: a
// decimal integer.  The learner writes it after it has published what it made
// of them, so that a worker that waited for it plays with the newest weights.
inline constexpr char kLearnerSamplesSetting[] = "learner_samples";

// How far the run is, as the store has it.  Without the setting the learner has
// drawn nothing.  Errors: the store's; DataLoss if the setting is no number.
absl::StatusOr<RunProgress> ReadProgress(ExperienceStore& store);

// Holds workers back while they are too far ahead of the learner, wherever that
// is: all it knows comes from the store.
class LearnerGate : public RolloutGate {
 public:
  // `store` must outlive this object.
  LearnerGate(ExperienceStore& store, const RateLimitConfig& config)
      : store_(store), config_(config) {}

  // Asks the store at once, then at growing intervals of up to half a second;
  // 20 ms with max_ahead 0.
  absl::Status WaitToBegin(const std::stop_token& stop) override;

 private:
  ExperienceStore& store_;
  const RateLimitConfig config_;
};

}  // namespace selfplay

#endif  // SELFPLAY_LEARNER_GATE_H_
