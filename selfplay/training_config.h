#ifndef SELFPLAY_TRAINING_CONFIG_H_
#define SELFPLAY_TRAINING_CONFIG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "muzero/network_config.h"
#include "muzero/search_config.h"
#include "muzero/targets.h"
#include "muzero/trainer_config.h"
#include "selfplay/replay_buffer.h"
#include "selfplay/self_competition.h"

namespace selfplay {

// What is encoded in an episode.
struct EpisodeConfig {
  int max_height = 200;  // Higher clips are scaled down to this; 0: never.
  int max_frames = 64;   // Of each clip, from its beginning; 0: all.
  int cpu_used = 5;      // libvpx's, 0 to 8.
  std::vector<double> targets_kbps = {256, 384, 512, 640, 768};
  // Targets are for 854x480 at 30 fps: scale them with pixels x frame rate.
  bool scale_targets = true;
};

// How workers play.
struct SelfPlayConfig {
  muzero::SearchConfig search;
  // The search's noise (gumbel_scale, root_exploration_fraction and
  // visit_softmax_temperature) is multiplied by a factor that falls from 1 to
  // `final_exploration` over the first `exploration_episodes` episodes.
  double final_exploration = 0.2;
  int64_t exploration_episodes = 1000;
  // Fraction of episodes that BitrateGuard watches over, as it does in an
  // encode.
  double guarded_fraction = 0;
};

// When workers and learner wait for each other.
struct RateLimitConfig {
  // Steps drawn by the learner for each step that workers put in.
  double samples_per_insert = 4;
  // Episodes in store before learning begins.
  int64_t min_episodes = 40;
  // How many episodes workers may be ahead of the learner.
  int64_t max_ahead = 16;
};

struct LearnerConfig {
  muzero::TrainerConfig trainer = {.learning_rate = 2e-3, .value_weight = 0.5};
  int batch_size = 64;
  // The learning rate falls to this fraction of itself over
  // `learning_rate_steps` gradient steps, along a cosine.
  double final_learning_rate = 0.1;
  int64_t learning_rate_steps = 11'000;
  int publish_steps = 50;      // Gradient steps between published weights.
  int checkpoint_steps = 500;  // Gradient steps between checkpoints.
  // Of the steps drawn, the fraction that is searched again with the newest
  // weights first [MuZero, App. H].
  double reanalyse_fraction = 0.1;
  // Of augmentation.h; 0: observations are learnt from as they are.
  double augmentation = 0;
  // A loss above this many times its running mean is an explosion.
  double max_loss_ratio = 20;
  // Of the time of one core, at most; the rest is slept away.
  double cpu_share = 1;
};

// Measuring the newest weights on clips not trained on.
struct EvaluationConfig {
  int64_t every_episodes = 500;  // 0: never.
  std::string split = "validation";
  int max_clips = 6;
  // BD-rate counts only where no more than this fraction of encodes is over the
  // target by more than 2 %.
  double max_overshoot_share = 0.05;
};

// What is kept.
struct RetentionConfig {
  int64_t keep_episodes = 20'000;
  int64_t keep_weights = 20;
};

// All constants of a training run.  The run folder has the ones in use, as
// TOML; training_toml.h reads and writes them.  The defaults are those that
// learned from random weights in docs/training.md's proof.
struct TrainingConfig {
  EpisodeConfig episode;
  SelfPlayConfig self_play;
  SelfCompetitionConfig self_competition = {
      .rule = RewardRule::kGain, .decay = 0.6, .overshoot_scale = 0.03};
  RateLimitConfig rate_limit;
  ReplayConfig replay = {.capacity_steps = 25'000, .priority_exponent = 0.3};
  muzero::TargetConfig targets;
  LearnerConfig learner;
  // Sizes only; what goes in and out is PolicyNetworkConfig()'s.
  muzero::NetworkConfig network = {.token_width = 64,
                                   .num_layers = 2,
                                   .feed_forward_width = 128,
                                   .hidden_size = 128,
                                   .num_dynamics_blocks = 1};
  EvaluationConfig evaluation;
  RetentionConfig retention;
  uint64_t seed = 1;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_CONFIG_H_
