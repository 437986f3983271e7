#include "tests/toy/toy_learner.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "muzero/network_config.h"
#include "muzero/network_trainer.h"
#include "selfplay/replay_batch.h"

namespace toy {
namespace {

// What the network foretells besides policy and value, as the encoder's does:
// what a step leads to, and what the whole episode ends with.
enum AuxiliaryIndex { kFractionLeft, kFinalFractionLeft, kFinalQuality };

muzero::NetworkConfig MakeNetworkConfig() {
  return {
      .token_size = kTokenSize,
      .context_size = kContextSize,
      .num_actions = kNumActions,
      .auxiliary_heads = {{.name = "fraction_left", .weight = 1},
                          {.name = "final_fraction_left", .weight = 0.3},
                          {.name = "final_quality", .weight = 0.3}},
      .support = {.min = -1, .max = 1, .size = 21},
      .token_width = 32,
      .num_attention_heads = 2,
      .num_layers = 1,
      .feed_forward_width = 64,
      .hidden_size = 128,
      .num_dynamics_blocks = 1,
      .num_action_knots = 4,
  };
}

// Against an even split, so that gains in all instances are of one size, as
// they are in dB, and no optimum need be known.
float RelativeQuality(const AllocationGame& game,
                      const AllocationInstance& instance) {
  return static_cast<float>(game.quality() / EvenQuality(instance));
}

// Gives the episode what is only known at its end.
void SetOutcome(const AllocationGame& game, const AllocationInstance& instance,
                muzero::Episode& episode) {
  const float left = static_cast<float>(game.fraction_left());
  const float quality = RelativeQuality(game, instance);
  episode.initial_auxiliary = {std::numeric_limits<float>::quiet_NaN(), left,
                               quality};
  for (muzero::EpisodeStep& step : episode.steps) {
    step.auxiliary[kFinalFractionLeft] = left;
    step.auxiliary[kFinalQuality] = quality;
  }
}

// `search` with a share of its randomness.
muzero::SearchConfig WithExploration(muzero::SearchConfig search,
                                     double share) {
  search.gumbel_scale *= share;
  search.root_exploration_fraction *= share;
  // 0 would stand for no randomness at all.
  search.visit_softmax_temperature *= std::max(0.1, share);
  return search;
}

}  // namespace

ToyLearnerConfig ToyLearnerConfig::ForProof(muzero::SearchAlgorithm algorithm,
                                            uint64_t seed) {
  return {
      .search = {.algorithm = algorithm,
                 .num_simulations = 16,
                 .gumbel_scale = 3,
                 .pb_c_init = 3,
                 .root_dirichlet_alpha = 1,
                 .root_exploration_fraction = 0.75},
      .trainer = {.learning_rate = 3e-3, .value_weight = 0.5},
      .targets = {.num_unroll_steps = 5},
      .self_competition = {.rule = selfplay::RewardRule::kGain,
                           .overshoot_tolerance = 0,
                           .overshoot_scale = 0.05,
                           .quality_scale = 0.07},
      .replay = {.capacity_steps = 1500, .priority_exponent = 0.3},
      .num_rounds = 160,
      .seed = seed,
  };
}

absl::StatusOr<std::unique_ptr<ToyLearner>> ToyLearner::Create(
    std::vector<AllocationInstance> instances, const ToyLearnerConfig& config) {
  absl::Status status = config.search.Validate();
  status.Update(config.targets.Validate());
  status.Update(config.self_competition.Validate());
  status.Update(config.replay.Validate());
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<muzero::NetworkTrainer>> trainer =
      muzero::NetworkTrainer::Create(MakeNetworkConfig(), config.trainer,
                                     config.seed, muzero::Device::kCpu);
  if (!trainer.ok()) return trainer.status();
  std::unique_ptr<ToyLearner> learner(
      new ToyLearner(std::move(instances), config, *std::move(trainer)));
  status = learner->TakeWeights();
  if (!status.ok()) return status;
  return learner;
}

ToyLearner::ToyLearner(std::vector<AllocationInstance> instances,
                       const ToyLearnerConfig& config,
                       std::unique_ptr<muzero::Trainer> trainer)
    : instances_(std::move(instances)),
      config_(config),
      trainer_(std::move(trainer)),
      histories_(instances_.size()),
      replay_(config.replay),
      random_(config.seed) {}

absl::Status ToyLearner::Learn() {
  absl::Status status;
  for (int round = 0; status.ok() && round < config_.num_rounds; ++round) {
    const double rest = 1 - round / static_cast<double>(config_.num_rounds);
    trainer_->SetLearningRate(config_.trainer.learning_rate *
                              std::min(1.0, 2 * rest + 0.05));
    status =
        PlayRound(WithExploration(config_.search, std::min(1.0, 1.25 * rest)));
    GiveRewards();
    for (int i = 0; status.ok() && i < config_.train_steps_per_round; ++i) {
      status = TrainStep();
    }
    if (status.ok()) status = TakeWeights();
  }
  return status;
}

absl::StatusOr<double> ToyLearner::Score() {
  double sum = 0;
  for (const AllocationInstance& instance : instances_) {
    absl::StatusOr<Play> play = PlayInstance(instance, config_.search.Greedy());
    if (!play.ok()) return play.status();
    if (play->outcome.overshoot > 0) continue;
    sum += play->outcome.quality * EvenQuality(instance) /
           OptimalQuality(instance);
  }
  return sum / static_cast<double>(instances_.size());
}

absl::StatusOr<ToyLearner::Play> ToyLearner::PlayInstance(
    const AllocationInstance& instance, const muzero::SearchConfig& search) {
  Play play;
  AllocationGame game(instance);
  while (!game.is_finished()) {
    play.observations.push_back(game.Observe());
    absl::StatusOr<muzero::SearchResult> result = muzero::Search(
        search, play.observations.back(), *model_, random_, tree_);
    if (!result.ok()) return result.status();
    game.Spend(result->action);
    play.episode.steps.push_back({
        .action = result->action,
        .root_value = static_cast<float>(result->root_value),
        .search_policy = std::move(result->search_policy),
        .auxiliary = {static_cast<float>(game.fraction_left()), 0, 0},
    });
  }
  SetOutcome(game, instance, play.episode);
  play.outcome = {.quality = RelativeQuality(game, instance),
                  .overshoot = game.overshoot()};
  return play;
}

absl::Status ToyLearner::PlayRound(const muzero::SearchConfig& search) {
  for (size_t i = 0; i < instances_.size(); ++i) {
    absl::StatusOr<Play> play = PlayInstance(instances_[i], search);
    if (!play.ok()) return play.status();
    histories_[i] = selfplay::Updated(histories_[i], play->outcome,
                                      config_.self_competition);
    played_.push_back({.instance = i, .outcome = play->outcome});
    absl::StatusOr<int64_t> id = replay_.Insert(
        {.episode = std::move(play->episode),
         .observe = [observations = std::move(play->observations)](int step) {
           return observations[static_cast<size_t>(step)];
         }});
    if (!id.ok()) return id.status();
  }
  return absl::OkStatus();
}

absl::Status ToyLearner::TrainStep() {
  const selfplay::ReplayBatch batch =
      selfplay::MakeReplayBatch(replay_.Draw(config_.batch_size, random_),
                                config_.targets, kNumActions, random_);
  absl::StatusOr<muzero::LossReport> report = trainer_->Step(batch.samples);
  if (!report.ok()) return report.status();
  for (size_t i = 0; i < batch.keys.size(); ++i) {
    replay_.UpdatePriority(batch.keys[i], report->value_error[i]);
  }
  return absl::OkStatus();
}

void ToyLearner::GiveRewards() {
  const size_t first =
      played_.size() - static_cast<size_t>(replay_.num_episodes());
  for (int i = 0; config_.has_rewards && i < replay_.num_episodes(); ++i) {
    const Played& played = played_[first + static_cast<size_t>(i)];
    replay_.mutable_episode(i).steps.back().reward = static_cast<float>(
        selfplay::Reward(histories_[played.instance], played.outcome,
                         config_.self_competition));
  }
}

absl::Status ToyLearner::TakeWeights() {
  const absl::StatusOr<muzero::Checkpoint> weights =
      trainer_->ToCheckpoint(/*with_optimizer=*/false);
  if (!weights.ok()) return weights.status();
  absl::StatusOr<std::unique_ptr<muzero::NetworkModel>> model =
      muzero::NetworkModel::Create(*weights, muzero::Device::kCpu);
  if (!model.ok()) return model.status();
  model_ = *std::move(model);
  return absl::OkStatus();
}

}  // namespace toy
