#include "tests/selfplay/learner_rig.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "selfplay/self_competition.h"
#include "tests/selfplay/blank_network.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/fake_policy_model.h"
#include "tests/selfplay/simulated_planning.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::IsOk;

constexpr int kFrames = 8;

// Adds up what it is given.
class FakeTrainer : public muzero::Trainer {
 public:
  FakeTrainer(muzero::Checkpoint start, std::shared_ptr<TrainerScript> script)
      : checkpoint_(std::move(start)), script_(std::move(script)) {}

  absl::Status SetNormalization(
      const muzero::FeatureNormalization& normalization) override {
    ++script_->normalizations;
    sum() += normalization.token_mean[0];
    return absl::OkStatus();
  }

  void SetLearningRate(double learning_rate) override {
    learning_rate_ = learning_rate;
  }

  absl::StatusOr<muzero::LossReport> Step(
      absl::Span<const muzero::Sample> batch) override {
    muzero::LossReport report = {.total = script_->loss(step())};
    for (const muzero::Sample& sample : batch) {
      sum() += sample.targets[0].value + sample.weight +
               static_cast<float>(sample.actions[0]) / 255 +
               sample.targets[0].policy[0];
      report.value_error.push_back(std::abs(sample.targets[0].value));
      script_->samples.push_back(sample);
    }
    script_->learning_rates.push_back(learning_rate_);
    ++checkpoint_.step;
    return report;
  }

  absl::StatusOr<muzero::LossReport> Evaluate(
      absl::Span<const muzero::Sample>) override {
    return absl::UnimplementedError("no learner asks for it");
  }

  int64_t step() const override { return checkpoint_.step; }

  absl::StatusOr<muzero::Checkpoint> ToCheckpoint(bool) const override {
    return checkpoint_;
  }

 private:
  float& sum() { return checkpoint_.weights["token_mean"].values[0]; }

  muzero::Checkpoint checkpoint_;
  const std::shared_ptr<TrainerScript> script_;
  double learning_rate_ = 0;
};

}  // namespace

LearnerRig::LearnerRig(const std::string& name) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  TrainingConfig& config = options.config;
  config.self_play.search.num_simulations = 2;
  config.rate_limit = {.samples_per_insert = 4, .min_episodes = 2};
  config.learner.batch_size = 8;
  config.learner.publish_steps = 5;
  config.learner.checkpoint_steps = 1000;
  options.run_folder = folder.string();
  options.networks = {
      .create_trainer = [this](const muzero::NetworkConfig&,
                               const muzero::TrainerConfig&, uint64_t,
                               muzero::Device)
          -> absl::StatusOr<std::unique_ptr<muzero::Trainer>> {
        return std::make_unique<FakeTrainer>(BlankNetwork(/*step=*/0), script);
      },
      .resume_trainer = [this](const muzero::Checkpoint& checkpoint,
                               const muzero::TrainerConfig&, muzero::Device)
          -> absl::StatusOr<std::unique_ptr<muzero::Trainer>> {
        return std::make_unique<FakeTrainer>(checkpoint, script);
      },
      .create_model = [](const muzero::Checkpoint&, muzero::Device)
          -> absl::StatusOr<std::unique_ptr<muzero::Model>> {
        return std::make_unique<FakePolicyModel>(Feedback());
      }};
}

void LearnerRig::Play(int count) {
  for (int i = 0; i < count; ++i, ++played_) {
    const int kbps = played_ % 2 == 0 ? 300 : 500;
    FakePolicyModel model(Feedback(/*offset=*/played_ % 7 - 3));
    PlannedClip clip = PlanClip(kFrames, kbps, model);
    for (EncodeStep& step : clip.episode.steps) {
      step.is_example = plays_examples;
    }
    const absl::StatusOr<std::string> first_pass =
        store.PutFirstPass(clip.stats);
    ASSERT_THAT(first_pass, IsOk());
    const Outcome outcome = {.quality = 40 + 0.5 * (played_ % 3)};
    ASSERT_THAT(store.AddEpisode({.id = absl::StrCat("episode-", played_),
                                  .pair = {.clip = "clip@640x360",
                                           .target_bitrate_kbps = kbps},
                                  .worker = "rig",
                                  .first_pass = *first_pass,
                                  .encode = std::move(clip.episode),
                                  .outcome = outcome,
                                  .seconds = 1},
                                 options.config.self_competition),
                IsOk());
  }
}

absl::StatusOr<std::unique_ptr<Learner>> LearnerRig::Open() {
  return Learner::Open(store, options);
}

std::unique_ptr<Learner> LearnerRig::OpenOk() {
  absl::StatusOr<std::unique_ptr<Learner>> learner = Open();
  EXPECT_THAT(learner, IsOk());
  return *std::move(learner);
}

int LearnAll(Learner& learner) {
  int steps = 0;
  for (;;) {
    const absl::StatusOr<bool> has_stepped = learner.Turn();
    EXPECT_THAT(has_stepped, IsOk());
    if (!has_stepped.ok() || !*has_stepped) return steps;
    ++steps;
  }
}

}  // namespace selfplay
