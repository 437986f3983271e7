#include "selfplay/training_fields.h"

#include <vector>

#include "muzero/network_config.h"
#include "muzero/search_config.h"
#include "muzero/targets.h"
#include "muzero/trainer_config.h"
#include "selfplay/replay_buffer.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"

namespace selfplay {

std::vector<TrainingField> TrainingFields(TrainingConfig& config) {
  EpisodeConfig& episode = config.episode;
  SelfPlayConfig& self_play = config.self_play;
  muzero::SearchConfig& search = self_play.search;
  SelfCompetitionConfig& competition = config.self_competition;
  RateLimitConfig& rate_limit = config.rate_limit;
  ReplayConfig& replay = config.replay;
  muzero::TargetConfig& targets = config.targets;
  LearnerConfig& learner = config.learner;
  muzero::TrainerConfig& trainer = learner.trainer;
  muzero::NetworkConfig& network = config.network;
  EvaluationConfig& evaluation = config.evaluation;
  RetentionConfig& retention = config.retention;
  return {
      {"", "seed", &config.seed, "", "of all that is drawn by chance",
       "chosen"},

      {"episode", "max_height", &episode.max_height, "luma rows",
       "higher clips are scaled down to this; 0: never", "chosen"},
      {"episode", "max_frames", &episode.max_frames, "shown frames",
       "of each clip, from its beginning; 0: all", "chosen"},
      {"episode", "cpu_used", &episode.cpu_used, "",
       "libvpx's effort, 0 (slow) to 8 (fast)", "libvpx"},
      {"episode", "targets_kbps", &episode.targets_kbps, "kbit/s",
       "target bitrates, for 854x480 at 30 fps",
       "docs/evaluation.md: those measured with"},
      {"episode", "scale_targets", &episode.scale_targets, "",
       "targets in proportion to pixels x frame rate", "chosen"},

      {"search", "algorithm", &search.algorithm, "",
       "how the root is searched: gumbel, or puct", "Gumbel MuZero"},
      {"search", "num_simulations", &search.num_simulations, "per frame",
       "of each search; 0: the network's policy alone",
       "Gumbel MuZero: 2 to 16 are enough"},
      {"search", "discount", &search.discount, "",
       "gamma; must be that of [targets]", "1: the reward is at the end"},
      {"search", "max_num_considered_actions",
       &search.max_num_considered_actions, "actions",
       "gumbel: m, sampled at the root without replacement",
       "Gumbel MuZero, Alg. 2"},
      {"search", "gumbel_scale", &search.gumbel_scale, "",
       "gumbel: of the noise; 0: none", "Gumbel MuZero, Alg. 2"},
      {"search", "c_visit", &search.c_visit, "visits",
       "gumbel: of Q against the prior", "Gumbel MuZero, Eq. 8"},
      {"search", "c_scale", &search.c_scale, "",
       "gumbel: of Q against the prior, Q in [0, 1]",
       "mctx: 0.1 for normalised Q"},
      {"search", "pb_c_init", &search.pb_c_init, "",
       "puct: c_1, weight of the prior", "MuZero, App. B, Eq. 2"},
      {"search", "pb_c_base", &search.pb_c_base, "visits",
       "puct: c_2, from where that weight grows", "MuZero, App. B, Eq. 2"},
      {"search", "root_dirichlet_alpha", &search.root_dirichlet_alpha, "",
       "puct: shape of the root's noise", "MuZero pseudocode: 0.3 for chess"},
      {"search", "root_exploration_fraction", &search.root_exploration_fraction,
       "fraction", "puct: of the noise in the root's prior",
       "MuZero pseudocode"},
      {"search", "visit_softmax_temperature", &search.visit_softmax_temperature,
       "", "puct: of the choice by visits; 0: the most visited",
       "MuZero pseudocode"},

      {"self_play", "final_exploration", &self_play.final_exploration, "factor",
       "what the search's noise falls to", "chosen"},
      {"self_play", "exploration_episodes", &self_play.exploration_episodes,
       "episodes", "over which it falls", "chosen"},
      {"self_play", "guarded_fraction", &self_play.guarded_fraction, "fraction",
       "of episodes that the bitrate guard watches over", "chosen"},

      {"self_competition", "rule", &competition.rule, "",
       "reward: win_loss, win_loss_tolerance, or gain",
       "win_loss: arXiv 2202.06626; gain: docs/toy_proof.md"},
      {"self_competition", "decay", &competition.decay, "",
       "what the averages keep of themselves at each episode",
       "arXiv 2202.06626: a moving average; value chosen"},
      {"self_competition", "overshoot_tolerance",
       &competition.overshoot_tolerance, "fraction",
       "overshoot that counts as none", "chosen"},
      {"self_competition", "first_reward", &competition.first_reward, "",
       "of an episode without a history, -1 to 1", "chosen"},
      {"self_competition", "overshoot_tie", &competition.overshoot_tie,
       "fraction", "win_loss_tolerance: differences up to this are ties",
       "chosen"},
      {"self_competition", "quality_tie", &competition.quality_tie, "dB",
       "win_loss_tolerance: differences up to this are ties", "chosen"},
      {"self_competition", "overshoot_scale", &competition.overshoot_scale,
       "fraction", "gain: difference that is worth 1", "chosen"},
      {"self_competition", "quality_scale", &competition.quality_scale, "dB",
       "gain: difference that is worth 1", "chosen"},

      {"rate_limit", "samples_per_insert", &rate_limit.samples_per_insert,
       "steps", "drawn by the learner for each step put in", "chosen"},
      {"rate_limit", "min_episodes", &rate_limit.min_episodes, "episodes",
       "in store before learning begins", "chosen"},
      {"rate_limit", "max_ahead", &rate_limit.max_ahead, "episodes",
       "workers may be ahead of the learner", "chosen"},

      {"replay", "capacity_steps", &replay.capacity_steps, "steps",
       "kept to draw from", "chosen"},
      {"replay", "priority_exponent", &replay.priority_exponent, "",
       "alpha; 0: drawn uniformly", "arXiv 1511.05952, Sec. 3.3: 0.6"},
      {"replay", "importance_exponent", &replay.importance_exponent, "",
       "beta; 1: the bias is taken back whole",
       "arXiv 1511.05952, Sec. 3.4: 0.4"},
      {"replay", "priority_floor", &replay.priority_floor, "",
       "added to every priority", "arXiv 1511.05952, Sec. 3.3: epsilon"},

      {"targets", "num_unroll_steps", &targets.num_unroll_steps, "steps",
       "K, foretold from each sample", "MuZero, App. G: 5"},
      {"targets", "td_steps", &targets.td_steps, "steps",
       "n of the n-step return; 0: to the end",
       "MuZero, App. G: to the end in board games"},
      {"targets", "discount", &targets.discount, "",
       "gamma; must be that of [search]", "1: the reward is at the end"},

      {"trainer", "learning_rate", &trainer.learning_rate, "",
       "of AdamW, at the start", "chosen"},
      {"trainer", "weight_decay", &trainer.weight_decay, "",
       "of AdamW, decoupled; of matrices only", "MuZero, App. G: 1e-4"},
      {"trainer", "max_gradient_norm", &trainer.max_gradient_norm, "",
       "longer gradients are shortened to this", "chosen"},
      {"trainer", "policy_weight", &trainer.policy_weight, "",
       "of the policy's loss", "MuZero, Eq. 1"},
      {"trainer", "value_weight", &trainer.value_weight, "",
       "of the value's loss", "MuZero, App. H: 0.25 with reanalyse"},
      {"trainer", "auxiliary_weight", &trainer.auxiliary_weight, "",
       "of the auxiliary heads' loss", "chosen"},
      {"trainer", "dynamics_gradient_scale", &trainer.dynamics_gradient_scale,
       "factor", "of the gradient through each unrolled step",
       "MuZero, App. G: 1/2"},

      {"learner", "batch_size", &learner.batch_size, "samples",
       "of each gradient step", "chosen"},
      {"learner", "final_learning_rate", &learner.final_learning_rate, "factor",
       "what the learning rate falls to, along a cosine", "chosen"},
      {"learner", "learning_rate_steps", &learner.learning_rate_steps,
       "gradient steps", "over which it falls", "chosen"},
      {"learner", "publish_steps", &learner.publish_steps, "gradient steps",
       "between weights for the workers", "chosen"},
      {"learner", "checkpoint_steps", &learner.checkpoint_steps,
       "gradient steps", "between checkpoints", "chosen"},
      {"learner", "reanalyse_fraction", &learner.reanalyse_fraction, "fraction",
       "of the samples searched again with the newest weights",
       "MuZero, App. H; value chosen"},
      {"learner", "augmentation", &learner.augmentation, "ln",
       "spread of what errors, rates, motion and size are multiplied by, and "
       "pans mirrored; 0: neither",
       "measured"},
      {"learner", "max_loss_ratio", &learner.max_loss_ratio, "factor",
       "a loss so far above its mean stops the run", "chosen"},
      {"learner", "cpu_share", &learner.cpu_share, "cores",
       "that learning may use; the rest is slept away", "chosen"},

      {"network", "token_width", &network.token_width, "numbers",
       "of a token in the representation", "chosen"},
      {"network", "num_attention_heads", &network.num_attention_heads, "heads",
       "of each attention; divides token_width", "chosen"},
      {"network", "num_layers", &network.num_layers, "layers",
       "of the transformer", "chosen"},
      {"network", "feed_forward_width", &network.feed_forward_width, "numbers",
       "of its feed-forward layers", "chosen"},
      {"network", "hidden_size", &network.hidden_size, "numbers",
       "of a hidden state", "chosen"},
      {"network", "num_dynamics_blocks", &network.num_dynamics_blocks, "blocks",
       "of the dynamics", "chosen"},
      {"network", "num_prediction_blocks", &network.num_prediction_blocks,
       "blocks", "of the prediction, shared by its heads", "chosen"},
      {"network", "num_action_knots", &network.num_action_knots, "points",
       "learned along the scale of actions; 0: each its own", "chosen"},

      {"evaluation", "every_episodes", &evaluation.every_episodes, "episodes",
       "between evaluations; 0: never", "chosen"},
      {"evaluation", "split", &evaluation.split, "",
       "of the clips to measure on", "docs/clips.md"},
      {"evaluation", "max_clips", &evaluation.max_clips, "clips",
       "to measure on", "chosen"},
      {"evaluation", "max_overshoot_share", &evaluation.max_overshoot_share,
       "fraction", "of encodes over target by 2 %, for weights to be the best",
       "chosen"},

      {"retention", "keep_episodes", &retention.keep_episodes, "episodes",
       "the newest, in store", "chosen"},
      {"retention", "keep_weights", &retention.keep_weights, "versions",
       "the newest, in store", "chosen"},
  };
}

}  // namespace selfplay
