#include "selfplay/learner.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "selfplay/action_space.h"
#include "selfplay/augmentation.h"
#include "selfplay/auxiliary.h"
#include "selfplay/episode_plan.h"
#include "selfplay/learner_checkpoint.h"
#include "selfplay/learner_gate.h"
#include "selfplay/policy_network.h"
#include "selfplay/rate_limit.h"
#include "selfplay/replay_batch.h"
#include "selfplay/unix_time.h"

namespace selfplay {
namespace {

// Steps before a loss can be too large, and over which its mean is taken.
constexpr int64_t kLossMemory = 100;

// The sizes that the configuration has, with what this program puts in and
// wants out.
muzero::NetworkConfig NetworkOf(const TrainingConfig& config) {
  const muzero::NetworkConfig shapes = PolicyNetworkConfig();
  muzero::NetworkConfig network = config.network;
  network.token_size = shapes.token_size;
  network.context_size = shapes.context_size;
  network.num_actions = shapes.num_actions;
  network.auxiliary_heads = shapes.auxiliary_heads;
  return network;
}

void Add(const muzero::LossReport& report, muzero::LossReport& sum) {
  sum.total += report.total;
  sum.policy += report.policy;
  sum.value += report.value;
  sum.auxiliary.resize(report.auxiliary.size());
  for (size_t i = 0; i < report.auxiliary.size(); ++i) {
    sum.auxiliary[i] += report.auxiliary[i];
  }
  sum.gradient_norm += report.gradient_norm;
}

// The checkpoint's, or else the network to begin with, or else a random one.
absl::StatusOr<std::unique_ptr<muzero::Trainer>> MakeTrainer(
    const std::optional<LearnerCheckpoint>& checkpoint,
    const LearnerOptions& options) {
  const muzero::TrainerConfig& config = options.config.learner.trainer;
  std::optional<muzero::Checkpoint> network = options.initial_network;
  if (network) {  // What it took to learn it is not this run's.
    network->step = 0;
    network->optimizer.clear();
  }
  if (checkpoint) network = checkpoint->network;
  if (!network) {
    return options.networks.create_trainer(NetworkOf(options.config), config,
                                           options.config.seed, options.device);
  }
  const absl::Status status = CheckModelFits(*network);
  if (!status.ok()) return status;
  return options.networks.resume_trainer(*network, config, options.device);
}

}  // namespace

Learner::Learner(ExperienceStore& store, const LearnerOptions& options,
                 std::unique_ptr<muzero::Trainer> trainer)
    : store_(store),
      options_(options),
      config_(options_.config),
      trainer_(std::move(trainer)),
      replay_(config_, store),
      metrics_since_(UnixSeconds()) {}

absl::StatusOr<std::unique_ptr<Learner>> Learner::Open(
    ExperienceStore& store, const LearnerOptions& options) {
  absl::Status status = options.config.Validate();
  if (!status.ok()) return status;
  const auto checkpoint = LoadLearnerCheckpoint(options.run_folder);
  if (!checkpoint.ok()) return checkpoint.status();
  auto trainer = MakeTrainer(*checkpoint, options);
  if (!trainer.ok()) return trainer.status();
  std::unique_ptr<Learner> learner(
      new Learner(store, options, *std::move(trainer)));
  learner->keeps_normalization_ =
      options.initial_network.has_value() ||
      (checkpoint->has_value() && (*checkpoint)->keeps_normalization);
  status = checkpoint->has_value() ? learner->Resume(**checkpoint)
                                   : learner->Begin();
  if (!status.ok()) return status;
  return learner;
}

absl::Status Learner::Begin() {
  const absl::StatusOr<int64_t> newest = store_.NewestWeightsVersion();
  if (!newest.ok()) return newest.status();
  weights_version_ = *newest;
  absl::Status status = Publish();
  if (status.ok()) status = Save();
  return status;
}

absl::Status Learner::Resume(const LearnerCheckpoint& checkpoint) {
  samples_drawn_ = checkpoint.samples_drawn;
  mean_loss_ = checkpoint.mean_loss;
  const absl::Status status = replay_.Restore(checkpoint.replay);
  if (!status.ok()) return status;
  const absl::StatusOr<int64_t> newest = store_.NewestWeightsVersion();
  if (!newest.ok()) return newest.status();
  // Above the checkpoint's if the learner was killed since.
  weights_version_ = std::max(checkpoint.weights_version, *newest);
  const absl::StatusOr<std::string> bytes = store_.Weights(weights_version_);
  if (!bytes.ok()) return bytes.status();
  const auto weights = muzero::ParseCheckpoint(*bytes);
  if (!weights.ok()) return weights.status();
  auto model = options_.networks.create_model(*weights, options_.device);
  if (!model.ok()) return model.status();
  model_ = *std::move(model);
  return absl::OkStatus();
}

absl::StatusOr<bool> Learner::Turn() {
  if (!MayStep()) {
    absl::Status status = TellProgress();
    if (!status.ok()) return status;
    status = replay_.TakeNew().status();
    if (!status.ok()) return status;
    if (!MayStep()) return false;
  }
  const double begun = UnixSeconds();
  absl::Status status = Step();
  if (status.ok()) status = DoWhatIsDue();
  sums_.busy_seconds += UnixSeconds() - begun;
  if (!status.ok()) return status;
  return true;
}

bool Learner::MayStep() const {
  return replay_.num_steps() > 0 &&
         MayDraw({.episodes = replay_.episodes_taken(),
                  .steps_inserted = replay_.steps_taken(),
                  .samples_drawn = samples_drawn_},
                 config_.rate_limit);
}

absl::Status Learner::Step() {
  if (trainer_->step() == 0 && !keeps_normalization_) {
    const absl::Status status =
        trainer_->SetNormalization(replay_.Normalization());
    if (!status.ok()) return status;
  }
  // By the step alone, so that nothing of it has to be saved.
  std::seed_seq seed = {config_.seed, static_cast<uint64_t>(trainer_->step())};
  std::mt19937_64 random(seed);
  const std::vector<DrawnStep> drawn =
      replay_.Draw(config_.learner.batch_size, random);
  const absl::Status status = Reanalyse(drawn, random);
  if (!status.ok()) return status;
  ReplayBatch batch =
      MakeReplayBatch(drawn, config_.targets, kNumActions, random);
  if (config_.learner.augmentation > 0) {
    for (muzero::Sample& sample : batch.samples) {
      Augment(config_.learner.augmentation, sample.observation, random);
    }
  }
  trainer_->SetLearningRate(config_.learner.trainer.learning_rate *
                            LearningRateFactor());
  const absl::StatusOr<muzero::LossReport> report =
      trainer_->Step(batch.samples);
  if (!report.ok()) return report.status();
  replay_.UpdatePriorities(batch.keys, report->value_error);
  samples_drawn_ += config_.learner.batch_size;
  ++sums_.steps;
  Add(*report, sums_.losses);
  return CheckLoss(*report);
}

absl::Status Learner::Reanalyse(const std::vector<DrawnStep>& drawn,
                                std::mt19937_64& random) {
  const auto count = static_cast<size_t>(std::lround(
      config_.learner.reanalyse_fraction * static_cast<double>(drawn.size())));
  const muzero::SearchConfig search = WithExploration(
      config_.self_play.search, ExplorationAt(episodes(), config_.self_play));
  for (size_t i = 0; i < count; ++i) {
    const absl::StatusOr<bool> is_new =
        replay_.Reanalyse(drawn[i].key, search, *model_, random);
    if (!is_new.ok()) return is_new.status();
    reanalysed_steps_ += *is_new;
  }
  return absl::OkStatus();
}

absl::Status Learner::CheckLoss(const muzero::LossReport& report) {
  if (trainer_->step() > kLossMemory &&
      report.total > config_.learner.max_loss_ratio * mean_loss_) {
    return absl::InternalError(
        absl::StrCat("the loss exploded: ", report.total, " at step ",
                     trainer_->step(), ", where ", mean_loss_, " was usual"));
  }
  const auto memory =
      static_cast<double>(std::min(trainer_->step(), kLossMemory));
  mean_loss_ += (report.total - mean_loss_) / memory;
  return absl::OkStatus();
}

double Learner::LearningRateFactor() const {
  const double lowest = config_.learner.final_learning_rate;
  const double done =
      std::min(1.0, static_cast<double>(step()) /
                        static_cast<double>(std::max<int64_t>(
                            1, config_.learner.learning_rate_steps)));
  return lowest + (1 - lowest) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

absl::Status Learner::DoWhatIsDue() {
  absl::Status status;
  if (trainer_->step() % config_.learner.publish_steps == 0) {
    status = Publish();
    if (status.ok()) status = TellProgress();
    if (status.ok()) status = replay_.TakeNew().status();
  }
  if (status.ok() && trainer_->step() % config_.learner.checkpoint_steps == 0) {
    status = Save();
  }
  return status;
}

absl::Status Learner::Publish() {
  absl::StatusOr<muzero::Checkpoint> weights =
      trainer_->ToCheckpoint(/*with_optimizer=*/false);
  if (!weights.ok()) return weights.status();
  weights->notes = PolicyNetworkNotes();
  weights->notes["weights_version"] = absl::StrCat(weights_version_ + 1);
  auto model = options_.networks.create_model(*weights, options_.device);
  if (!model.ok()) return model.status();
  const absl::Status status = store_.PublishWeights(
      weights_version_ + 1, muzero::SerializeCheckpoint(*weights));
  if (!status.ok()) return status;
  model_ = *std::move(model);
  ++weights_version_;
  return absl::OkStatus();
}

absl::Status Learner::TellProgress() {
  if (samples_told_ == samples_drawn_) return absl::OkStatus();
  const absl::Status status =
      store_.PutSetting(kLearnerSamplesSetting, absl::StrCat(samples_drawn_));
  if (status.ok()) samples_told_ = samples_drawn_;
  return status;
}

absl::Status Learner::Save() {
  absl::StatusOr<muzero::Checkpoint> network =
      trainer_->ToCheckpoint(/*with_optimizer=*/true);
  if (!network.ok()) return network.status();
  network->notes = PolicyNetworkNotes();
  const absl::Status status =
      SaveLearnerCheckpoint({.network = *std::move(network),
                             .samples_drawn = samples_drawn_,
                             .weights_version = weights_version_,
                             .mean_loss = mean_loss_,
                             .keeps_normalization = keeps_normalization_,
                             .replay = replay_.state()},
                            options_.run_folder);
  if (!status.ok()) return status;
  return store_.Prune(config_.retention.keep_episodes,
                      config_.retention.keep_weights);
}

LearnerMetrics Learner::TakeMetrics() {
  const double now = UnixSeconds();
  const double seconds = std::max(now - metrics_since_, 1e-9);
  const auto steps = static_cast<double>(sums_.steps);
  LearnerMetrics metrics = {
      .time = now,
      .learner_step = step(),
      .weights_version = weights_version_,
      .episodes = episodes(),
      .loss = sums_.losses.total / steps,
      .policy_loss = sums_.losses.policy / steps,
      .value_loss = sums_.losses.value / steps,
      .gradient_norm = sums_.losses.gradient_norm / steps,
      .learning_rate =
          config_.learner.trainer.learning_rate * LearningRateFactor(),
      .samples_per_second = steps * config_.learner.batch_size / seconds,
      .samples_per_insert =
          static_cast<double>(samples_drawn_) /
          static_cast<double>(std::max<int64_t>(1, replay_.steps_taken())),
      .replay_episodes = replay_.num_episodes(),
      .replay_steps = replay_.num_steps(),
      .replay_age_seconds = replay_.MeanAge(now),
      .reanalysed_steps = reanalysed_steps_,
      .busy_share = sums_.busy_seconds / seconds};
  const std::vector<muzero::AuxiliaryHead> heads = AuxiliaryHeads();
  for (size_t i = 0; i < sums_.losses.auxiliary.size(); ++i) {
    metrics.auxiliary_losses[heads[i].name] = sums_.losses.auxiliary[i] / steps;
  }
  sums_ = {};
  metrics_since_ = now;
  return metrics;
}

}  // namespace selfplay
