#ifndef TESTS_SELFPLAY_LEARNER_RIG_H_
#define TESTS_SELFPLAY_LEARNER_RIG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "muzero/trainer.h"
#include "selfplay/learner.h"
#include "selfplay/training_config.h"
#include "tests/selfplay/fake_experience_store.h"

namespace selfplay {

// What fake trainers are told to do, and were given.
struct TrainerScript {
  // The loss of the step with this number, from 0.
  std::function<double(int64_t step)> loss = [](int64_t) { return 1.0; };
  std::vector<double> learning_rates;   // Of each step.
  std::vector<muzero::Sample> samples;  // Of all steps.
  int normalizations = 0;
};

// A learner's surroundings: a store in memory, a run folder, and trainers whose
// weights depend on all they were given, but learn nothing.
class LearnerRig {
 public:
  // An empty run folder called `name`.
  explicit LearnerRig(const std::string& name);

  // Puts `count` simulated encodes into the store, of one clip at two targets.
  // The same ones after the same ones.
  void Play(int count);

  absl::StatusOr<std::unique_ptr<Learner>> Open();
  // Opens a learner that lets Open() fail no test.
  std::unique_ptr<Learner> OpenOk();

  LearnerOptions options;
  FakeExperienceStore store;
  bool plays_examples = false;  // As a teacher does.
  std::shared_ptr<TrainerScript> script = std::make_shared<TrainerScript>();

 private:
  int played_ = 0;
};

// Turns until there is nothing more to learn from; returns how many steps.
int LearnAll(Learner& learner);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_LEARNER_RIG_H_
