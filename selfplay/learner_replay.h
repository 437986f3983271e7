#ifndef SELFPLAY_LEARNER_REPLAY_H_
#define SELFPLAY_LEARNER_REPLAY_H_

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/model.h"
#include "muzero/search_config.h"
#include "muzero/trainer.h"
#include "selfplay/experience_store.h"
#include "selfplay/replay_batch.h"
#include "selfplay/replay_buffer.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"

namespace selfplay {

// What a later search made of a stored step.
struct ReanalysedStep {
  int64_t sequence = 0;  // Of the episode.
  int step = 0;
  float root_value = 0;
  std::vector<float> search_policy;  // [num_actions]
};

// All of a LearnerReplay that the store has not.
struct LearnerReplayState {
  int64_t last_sequence = 0;
  int64_t episodes_taken = 0;
  int64_t steps_taken = 0;
  std::vector<int64_t> sequences;  // [num_episodes] held, oldest first.
  ReplayState replay;
  std::vector<ReanalysedStep> reanalysed;
};

// The stored episodes that the learner draws from, with their observations and
// with rewards against the histories as they are now: what would have won when
// it was played may be nothing new today, and values must not be learned from
// both.  Some 10 kB a step.  Not thread-safe.
class LearnerReplay {
 public:
  // `store` must outlive this object.  REQUIRES: `config` is valid.
  LearnerReplay(const TrainingConfig& config, ExperienceStore& store);

  // Takes all episodes stored since the last call, and today's histories.
  // Returns how many episodes that were.  One whose steps are no possible
  // encode of its clip is passed over.  Errors: the store's.
  absl::StatusOr<int> TakeNew();

  // Goes on from `state`: draws are what they would have been, but for the
  // oldest episodes where the store no longer has them.  To be called first,
  // once.  DataLoss if the store lacks others.
  absl::Status Restore(const LearnerReplayState& state);
  LearnerReplayState state() const;

  // Good until the next TakeNew().  REQUIRES: num_steps() > 0.
  std::vector<DrawnStep> Draw(int count, std::mt19937_64& random) const {
    return replay_.Draw(count, random);
  }

  // Of steps just drawn.
  void UpdatePriorities(const std::vector<StepKey>& keys,
                        const std::vector<float>& value_errors);

  // Searches `key`'s step again with `model`, as `search` says, and puts the
  // new policy and value in the place of the old ones.  Returns whether it did:
  // a teacher's policy, or none at all, is not a search's to replace.  Errors:
  // the search's.
  absl::StatusOr<bool> Reanalyse(const StepKey& key,
                                 const muzero::SearchConfig& search,
                                 muzero::Model& model, std::mt19937_64& random);

  int num_steps() const { return replay_.num_steps(); }
  int num_episodes() const { return replay_.num_episodes(); }

  // Of all episodes ever taken.
  int64_t episodes_taken() const { return episodes_taken_; }
  int64_t steps_taken() const { return steps_taken_; }

  // Seconds since the episodes held were stored, on average; `now` is seconds
  // since 1970.
  double MeanAge(double now) const;

  // Of the features of all steps held.  REQUIRES: num_steps() > 0.
  muzero::FeatureNormalization Normalization() const;

 private:
  // What the replay buffer does not know of an episode in it.
  struct Held {
    int64_t sequence = 0;
    Pair pair;
    Outcome outcome;
    double stored_at = 0;
    bool is_example = false;                   // A teacher's.
    std::map<int, ReanalysedStep> reanalysed;  // By step.
  };

  absl::StatusOr<ReplayEpisode> Load(const StoredEpisode& stored);
  absl::Status Insert(const StoredEpisode& stored);
  // The stored episodes from `first` to `last`, by sequence.
  absl::StatusOr<std::map<int64_t, StoredEpisode>> Read(int64_t first,
                                                        int64_t last);
  absl::Status GiveRewards();
  // Puts a later search's policy and value in the place of the first one's.
  void Replace(int index, ReanalysedStep step);

  const TrainingConfig config_;
  ExperienceStore& store_;
  ReplayBuffer replay_;
  std::deque<Held> held_;  // [num_episodes], as in replay_.
  int64_t last_sequence_ = 0;
  int64_t episodes_taken_ = 0;
  int64_t steps_taken_ = 0;
  std::map<std::string, std::vector<encoder_bridge::FirstPassFrameStats>>
      first_passes_;  // By SHA-256.
};

}  // namespace selfplay

#endif  // SELFPLAY_LEARNER_REPLAY_H_
