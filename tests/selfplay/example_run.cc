#include "tests/selfplay/example_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/episode_log.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"
#include "selfplay/training_report.h"
#include "selfplay/training_status.h"
#include "selfplay/training_toml.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::IsOk;

Outcome OutcomeOf(const ExampleEpisode& example) {
  return {.quality = example.quality,
          .overshoot = std::max(0.0, example.bits_fraction - 1)};
}

// Falls from 1 to 0 as the run goes on.
double Ignorance(int episode) { return std::exp(-episode / 400.0); }

ExampleEpisode LearningEpisode(int episode, std::mt19937_64& random) {
  std::normal_distribution<double> noise;
  const int clip = episode % 4;
  const int target = 256 + 256 * (episode / 4 % 3);
  const double ignorance = Ignorance(episode);
  const double fraction =
      std::max(0.5, 0.985 + 0.05 * ignorance +
                        (0.008 + 0.12 * ignorance) * noise(random));
  return {.clip = absl::StrCat("clip_", clip, "@356x200"),
          .target_kbps = target,
          .quality = 30 + 2 * clip + 5 * std::log(target * fraction / 256) -
                     0.9 * ignorance + 0.15 * noise(random),
          .bits_fraction = fraction};
}

LearnerMetrics LearningRecord(int episode, double time) {
  const double ignorance = Ignorance(episode);
  const double wave = 1 + 0.1 * std::sin(episode);
  return {
      .time = time,
      .learner_step = episode * 8,
      .weights_version = episode / 20,
      .episodes = episode,
      .loss = (2.1 + 3.2 * ignorance) * wave,
      .policy_loss = 1.9 + 2.4 * ignorance,
      .value_loss = (0.6 + 1.8 * ignorance) * wave,
      .auxiliary_losses = {{"final_log_bits_fraction", 0.01 + 0.3 * ignorance},
                           {"final_psnr_db", 0.02 + 0.5 * ignorance},
                           {"frame_log_bpp", 0.04 + 0.6 * ignorance},
                           {"frame_psnr_db", 0.03 + 0.4 * ignorance}},
      .gradient_norm = 1.2,
      .learning_rate = 1e-3,
      .samples_per_second = 96.5,
      .samples_per_insert = 7.9,
      .replay_episodes = std::min(episode, 1500),
      .replay_steps = std::min(episode, 1500) * 66,
      .replay_age_seconds = 0.5 * std::min(episode, 1500),
      .busy_share = 0.93};
}

EvaluationMetrics LearningEvaluation(int episode, double time) {
  return {.time = time,
          .weights_version = episode / 20,
          .learner_step = episode * 8,
          .episodes = episode,
          .bd_rate_percent =
              -4 + 16 * Ignorance(episode) + (episode % 1000 == 0 ? 1.5 : 0),
          .share_over_2pct = 0.6 * Ignorance(episode),
          .mean_overshoot = 0.02 * Ignorance(episode),
          .clips = 6,
          .encodes = 30,
          .seconds = 48,
          .is_best = episode % 1000 != 0};
}

}  // namespace

PlayedEpisode MakeExample(ExperienceStore& store,
                          const ExampleEpisode& example) {
  static std::atomic<int> num_examples = 0;
  const encoder_bridge::FirstPassFrameStats stats = {.count = 1};
  const auto first_pass = store.PutFirstPass({&stats, 1});
  EXPECT_THAT(first_pass, IsOk());
  PlayedEpisode episode = {.id = absl::StrCat("example-", ++num_examples),
                           .pair = {.clip = example.clip,
                                    .target_bitrate_kbps = example.target_kbps},
                           .worker = "example",
                           .first_pass = first_pass.value_or(""),
                           .outcome = OutcomeOf(example),
                           .seconds = 1};
  episode.encode.sequence = {
      .width = 16,
      .height = 16,
      .frame_rate = 30,
      .num_frames = 1,
      .target_bitrate_kbps = static_cast<double>(example.target_kbps)};
  episode.encode.steps = {
      {.frame = {.type = encoder_bridge::FrameType::kKey},
       .result = {.q_index = 60, .bits = 1000, .sse = 9, .pixel_count = 384}}};
  episode.encode.outcome = {.bits_fraction = example.bits_fraction,
                            .mean_psnr_db = example.quality};
  return episode;
}

EpisodeReceipt AddExample(ExperienceStore& store,
                          const ExampleEpisode& example) {
  const auto receipt = store.AddEpisode(MakeExample(store, example), {});
  EXPECT_THAT(receipt, IsOk());
  return receipt.value_or(EpisodeReceipt());
}

std::vector<LoggedEpisode> LogOf(const std::vector<ExampleEpisode>& examples) {
  std::vector<LoggedEpisode> log;
  for (const ExampleEpisode& example : examples) {
    const int64_t sequence = std::ssize(log) + 1;
    log.push_back({.sequence = sequence,
                   .stored_at = 999 + static_cast<double>(sequence),
                   .pair = {.clip = example.clip,
                            .target_bitrate_kbps = example.target_kbps},
                   .outcome = OutcomeOf(example),
                   .bits_fraction = example.bits_fraction});
  }
  return log;
}

void FillExampleRun(FakeExperienceStore& store, int num_episodes) {
  constexpr int64_t kBegin = 1'792'000'000;
  std::mt19937_64 random(1);
  double time = static_cast<double>(kBegin);
  for (int i = 1; i <= num_episodes; ++i) {
    time += 0.9 + 0.4 * std::sin(i / 150.0);
    store.SetTime(time);
    AddExample(store, LearningEpisode(i, random));
    if (i >= 40 && i % 10 == 0) {
      EXPECT_THAT(store.AddMetrics(ToLine(LearningRecord(i, time))), IsOk());
    }
    if (i % 20 == 0) {
      EXPECT_THAT(store.PublishWeights(i / 20, "weights"), IsOk());
    }
    if (i % 500 == 0) {
      const auto line = ToLine(LearningEvaluation(i, time));
      EXPECT_THAT(store.AddMetrics(line), IsOk());
    }
  }
  EXPECT_THAT(store.PutSetting(kStartedAtSetting, absl::StrCat(kBegin)),
              IsOk());
  EXPECT_THAT(store.PutSetting(kMaxEpisodesSetting, "4000"), IsOk());
  EXPECT_THAT(
      store.PutSetting(kConfigSetting, FormatTrainingToml(TrainingConfig())),
      IsOk());
}

}  // namespace selfplay
