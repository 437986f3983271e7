#ifndef TESTS_TOY_TOY_LEARNER_H_
#define TESTS_TOY_TOY_LEARNER_H_

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/network_model.h"
#include "muzero/search.h"
#include "muzero/search_tree.h"
#include "muzero/targets.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"
#include "selfplay/replay_buffer.h"
#include "selfplay/self_competition.h"
#include "tests/toy/allocation_game.h"

namespace toy {

struct ToyLearnerConfig {
  // Of self-play in the first rounds.  What is random in it fades out towards
  // the last round; scores are taken without.
  muzero::SearchConfig search;
  // Its learning rate fades out in the second half.
  muzero::TrainerConfig trainer;
  muzero::TargetConfig targets;
  selfplay::SelfCompetitionConfig self_competition;
  selfplay::ReplayConfig replay;
  // A round is one episode of each instance, then steps of gradient descent.
  int num_rounds = 1;
  int train_steps_per_round = 5;
  int batch_size = 128;
  // Off: every reward is 0, and nothing is to be learned.
  bool has_rewards = true;
  uint64_t seed = 1;

  // The settings of the toy proof, docs/toy_proof.md.
  static ToyLearnerConfig ForProof(muzero::SearchAlgorithm algorithm,
                                   uint64_t seed);
};

// Learns the allocation game by self-play from random weights, by the classes
// that learn rate control and by no others: Search, NetworkModel, Trainer,
// MakeSample, SelfCompetition, ReplayBuffer.  It never sees an optimum.
//
// On one thread, from one seed: the same configuration learns the same.
// Not thread-safe.
class ToyLearner {
 public:
  // Errors: whatever the parts say of `config`.
  static absl::StatusOr<std::unique_ptr<ToyLearner>> Create(
      std::vector<AllocationInstance> instances,
      const ToyLearnerConfig& config);

  // All rounds.  To be called once.  Errors: whatever the parts say.
  absl::Status Learn();

  // How well the search plays without noise: quality as a fraction of the
  // optimum, as a mean over the instances.  An episode that spends more than
  // its budget counts 0.
  absl::StatusOr<double> Score();

  // [num_instances] of self-play.
  const std::vector<selfplay::History>& histories() const { return histories_; }

 private:
  // A stored episode's place in the game, by the id that replay gave it.
  struct Played {
    size_t instance = 0;
    selfplay::Outcome outcome;
  };
  struct Play {
    muzero::Episode episode;
    std::vector<muzero::Observation> observations;  // [num_steps]
    selfplay::Outcome outcome;
  };

  ToyLearner(std::vector<AllocationInstance> instances,
             const ToyLearnerConfig& config,
             std::unique_ptr<muzero::Trainer> trainer);

  absl::StatusOr<Play> PlayInstance(const AllocationInstance& instance,
                                    const muzero::SearchConfig& search);
  absl::Status PlayRound(const muzero::SearchConfig& search);
  absl::Status TrainStep();
  absl::Status TakeWeights();
  // To all episodes in replay, against the histories as they are now, not as
  // they were when the episodes were played: what would have won then may be
  // nothing new today, and values must not be learned from both.
  void GiveRewards();

  const std::vector<AllocationInstance> instances_;
  const ToyLearnerConfig config_;
  const std::unique_ptr<muzero::Trainer> trainer_;
  std::unique_ptr<muzero::NetworkModel> model_;
  std::vector<selfplay::History> histories_;  // [num_instances]
  selfplay::ReplayBuffer replay_;
  std::vector<Played> played_;  // [episodes ever played]
  std::mt19937_64 random_;
  muzero::SearchTree tree_;
};

}  // namespace toy

#endif  // TESTS_TOY_TOY_LEARNER_H_
