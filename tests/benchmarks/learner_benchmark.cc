// How fast a learner learns, and how much of that time are its forward and
// backward passes:
//
//   learner_benchmark STEPS
//
// takes so many gradient steps at the default settings, on one thread, from
// made-up episodes of 64 frames; reading the store, drawing samples, searching
// some of them again, publishing weights and checkpoints are all in it.  Prints
// one JSON object; times are in seconds.

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_model.h"
#include "muzero/network_trainer.h"
#include "muzero/trainer.h"
#include "nlohmann/json.hpp"
#include "selfplay/experience_store.h"
#include "selfplay/learner.h"
#include "selfplay/training_config.h"
#include "tests/selfplay/made_episode.h"

namespace selfplay {
namespace {

constexpr int kEpisodes = 100;
constexpr int kFrames = 64;

double Seconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Adds the time that another trainer's steps take to `*seconds`.
class TimedTrainer : public muzero::Trainer {
 public:
  TimedTrainer(std::unique_ptr<muzero::Trainer> trainer, double* seconds)
      : trainer_(std::move(trainer)), seconds_(*seconds) {}

  absl::Status SetNormalization(
      const muzero::FeatureNormalization& normalization) override {
    return trainer_->SetNormalization(normalization);
  }
  void SetLearningRate(double learning_rate) override {
    trainer_->SetLearningRate(learning_rate);
  }
  absl::StatusOr<muzero::LossReport> Step(
      absl::Span<const muzero::Sample> batch) override {
    const double begin = Seconds();
    auto report = trainer_->Step(batch);
    seconds_ += Seconds() - begin;
    return report;
  }
  absl::StatusOr<muzero::LossReport> Evaluate(
      absl::Span<const muzero::Sample> batch) override {
    return trainer_->Evaluate(batch);
  }
  int64_t step() const override { return trainer_->step(); }
  absl::StatusOr<muzero::Checkpoint> ToCheckpoint(
      bool with_optimizer) const override {
    return trainer_->ToCheckpoint(with_optimizer);
  }

 private:
  const std::unique_ptr<muzero::Trainer> trainer_;
  double& seconds_;
};

absl::Status StoreEpisodes(ExperienceStore& store) {
  const auto first_pass = store.PutFirstPass(MadeStats(kFrames));
  if (!first_pass.ok()) return first_pass.status();
  for (int i = 0; i < kEpisodes; ++i) {
    const auto put =
        store.AddEpisode(MadeEpisode({.id = absl::StrCat("episode-", i),
                                      .first_pass = *first_pass,
                                      .frames = kFrames,
                                      .seed = static_cast<uint64_t>(i)}),
                         {});
    if (!put.ok()) return put.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<nlohmann::ordered_json> Run(const std::string& folder,
                                           int64_t steps) {
  auto store = ExperienceStore::Open(
      absl::StrCat("sqlite:", folder, "/store.sqlite"), {});
  if (!store.ok()) return store.status();
  absl::Status status = StoreEpisodes(**store);
  if (!status.ok()) return status;
  double trainer_seconds = 0;
  LearnerOptions options = {.run_folder = folder,
                            .device = muzero::Device::kCpu};
  // Never waits for workers.
  options.config.rate_limit.samples_per_insert = 1e6;
  options.networks = {
      .create_trainer = [&](const auto& network, const auto& config,
                            uint64_t seed, muzero::Device device)
          -> absl::StatusOr<std::unique_ptr<muzero::Trainer>> {
        auto trainer =
            muzero::NetworkTrainer::Create(network, config, seed, device);
        if (!trainer.ok()) return trainer.status();
        return std::make_unique<TimedTrainer>(*std::move(trainer),
                                              &trainer_seconds);
      },
      .resume_trainer = [](const auto&, const auto&, muzero::Device)
          -> absl::StatusOr<std::unique_ptr<muzero::Trainer>> {
        return absl::UnimplementedError("nothing to resume");
      },
      .create_model = [](const muzero::Checkpoint& checkpoint,
                         muzero::Device device)
          -> absl::StatusOr<std::unique_ptr<muzero::Model>> {
        return muzero::NetworkModel::Create(checkpoint, device);
      }};
  auto learner = Learner::Open(**store, options);
  if (!learner.ok()) return learner.status();
  const double begin = Seconds();
  while ((*learner)->step() < steps) {
    const auto turned = (*learner)->Turn();
    if (!turned.ok()) return turned.status();
  }
  const double seconds = Seconds() - begin;
  const double samples =
      static_cast<double>(steps) * options.config.learner.batch_size;
  return nlohmann::ordered_json{{"steps", steps},
                                {"seconds", seconds},
                                {"trainer_seconds", trainer_seconds},
                                {"samples_per_second", samples / seconds}};
}

int Main(int argc, char** argv) {
  const int64_t steps = argc == 2 ? std::atoll(argv[1]) : 0;
  if (steps <= 0) {
    std::cerr << "usage: learner_benchmark STEPS\n";
    return 2;
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      absl::StrCat("learner_benchmark-", getpid());
  std::filesystem::create_directories(folder);
  const auto result = Run(folder.string(), steps);
  std::filesystem::remove_all(folder);
  if (!result.ok()) {
    std::cerr << "learner_benchmark: " << result.status().message() << "\n";
    return 1;
  }
  std::cout << result->dump() << std::endl;
  return 0;
}

}  // namespace
}  // namespace selfplay

int main(int argc, char** argv) { return selfplay::Main(argc, argv); }
