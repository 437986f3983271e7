#include "selfplay/training_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "selfplay/episode_log.h"
#include "selfplay/metrics.h"
#include "selfplay/run_end.h"
#include "tests/selfplay/example_run.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TrainingStatus StatusOf(ExperienceStore& store) {
  const auto status = ReadTrainingStatus(store);
  EXPECT_THAT(status, IsOk());
  return status.value_or(TrainingStatus());
}

// `count` episodes of one pair, one a second, each better than all before it.
void AddWinners(FakeExperienceStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    store.SetTime(1000 + i);
    AddExample(store, {.quality = 40 + i / 100.0});
  }
}

TEST(EpisodeLogTest, KnowsWhichEpisodesHadAHistory) {
  FakeExperienceStore store;
  AddExample(store, {.clip = "a"});
  AddExample(store, {.clip = "b"});
  AddExample(store, {.clip = "a"});
  const auto log = ReadEpisodeLog(store, 10);
  ASSERT_THAT(log, IsOk());
  ASSERT_THAT(*log, SizeIs(3));
  EXPECT_FALSE((*log)[0].has_history);
  EXPECT_FALSE((*log)[1].has_history);
  EXPECT_TRUE((*log)[2].has_history);
}

TEST(EpisodeLogTest, KnowsOfHistoriesBeforeItsBeginning) {
  FakeExperienceStore store;
  for (int i = 0; i < 200; ++i) AddExample(store, {});
  const auto log = ReadEpisodeLog(store, 150);
  ASSERT_THAT(log, IsOk());
  ASSERT_THAT(*log, SizeIs(150));
  EXPECT_EQ(log->front().sequence, 51);
  EXPECT_EQ(log->back().sequence, 200);
  EXPECT_TRUE(log->front().has_history);
}

TEST(EpisodeLogTest, BeginsWithWhatIsKept) {
  FakeExperienceStore store;
  for (int i = 0; i < 20; ++i) AddExample(store, {});
  ASSERT_THAT(store.Prune(5, 1), IsOk());
  const auto log = ReadEpisodeLog(store, 150);
  ASSERT_THAT(log, IsOk());
  ASSERT_THAT(*log, SizeIs(5));
  EXPECT_TRUE(log->front().has_history);
}

TEST(TrainingStatusTest, OfAnEmptyStoreSaysWhatItCan) {
  FakeExperienceStore store;
  const auto json = nlohmann::json::parse(StatusJson(StatusOf(store)));
  EXPECT_EQ(json["episodes"], 0);
  EXPECT_EQ(json["learner_step"], 0);
  EXPECT_EQ(json["weights_version"], 0);
  EXPECT_TRUE(json["encodes_per_hour"].is_null());
  EXPECT_TRUE(json["win_rate"].is_null());
  EXPECT_TRUE(json["seconds_left"].is_null());
  EXPECT_THAT(StatusText(StatusOf(store)), HasSubstr("episodes    0\n"));
}

TEST(TrainingStatusTest, CountsTheRecentEpisodes) {
  FakeExperienceStore store;
  AddWinners(store, 300);
  const auto json = nlohmann::json::parse(StatusJson(StatusOf(store)));
  EXPECT_EQ(json["episodes"], 300);
  EXPECT_EQ(json["recent_episodes"], kRecentEpisodes);
  EXPECT_EQ(json["win_rate"], 1.0);
  EXPECT_EQ(json["share_on_target"], 1.0);
  EXPECT_EQ(json["mean_overshoot"], 0.0);
  EXPECT_NEAR(json["encodes_per_hour"], 3600, 1e-6);
}

TEST(TrainingStatusTest, TellsOfTheLearner) {
  FakeExperienceStore store;
  for (const int64_t step : {100, 200}) {
    const LearnerMetrics record = {.learner_step = step, .loss = 0.5};
    ASSERT_THAT(store.AddMetrics(ToLine(record)), IsOk());
  }
  ASSERT_THAT(store.PublishWeights(4, "w"), IsOk());
  const auto json = nlohmann::json::parse(StatusJson(StatusOf(store)));
  EXPECT_EQ(json["learner_step"], 200);
  EXPECT_EQ(json["weights_version"], 4);
  EXPECT_EQ(json["learner"]["loss"], 0.5);
}

TEST(TrainingStatusTest, TellsTheBestEvaluationFromTheNewest) {
  FakeExperienceStore store;
  for (const double bd_rate : {3.0, -2.0, -1.0}) {
    ASSERT_THAT(store.AddMetrics(ToLine(EvaluationMetrics{
                    .bd_rate_percent = bd_rate, .is_best = bd_rate != -1})),
                IsOk());
  }
  const auto json = nlohmann::json::parse(StatusJson(StatusOf(store)));
  EXPECT_EQ(json["evaluation"]["bd_rate_percent"], -1.0);
  EXPECT_EQ(json["best"]["bd_rate_percent"], -2.0);
}

TEST(TrainingStatusTest, ForetellsTheEnd) {
  FakeExperienceStore store;
  AddWinners(store, 61);
  ASSERT_THAT(store.PutSetting(kStartedAtSetting, "940"), IsOk());
  ASSERT_THAT(store.PutSetting(kMaxEpisodesSetting, "181"), IsOk());
  const TrainingStatus status = StatusOf(store);
  EXPECT_NEAR(*status.elapsed_seconds, 120, 1e-9);
  EXPECT_NEAR(*status.seconds_left, 120, 1e-9);
  EXPECT_THAT(StatusText(status), HasSubstr("elapsed 2 min, left 2 min"));
}

TEST(TrainingStatusTest, TellsThatTheRunIsFinished) {
  FakeExperienceStore store;
  AddWinners(store, 61);
  ASSERT_THAT(store.PutSetting(kStartedAtSetting, "940"), IsOk());
  ASSERT_THAT(store.PutSetting(kMaxEpisodesSetting, "61"), IsOk());
  EXPECT_EQ(StatusOf(store).finished_at, std::nullopt);
  ASSERT_THAT(store.PutSetting(kFinishedAtSetting, "1061"), IsOk());
  const TrainingStatus status = StatusOf(store);
  EXPECT_EQ(status.seconds_left, std::nullopt);
  EXPECT_THAT(StatusText(status), HasSubstr("61 of 61, finished\n"));
  EXPECT_EQ(nlohmann::json::parse(StatusJson(status))["finished_at"], 1061.0);
}

TEST(TrainingStatusTest, SkipsRecordsThatAreNone) {
  FakeExperienceStore store;
  ASSERT_THAT(store.AddMetrics({.role = "learner", .json = "{}"}), IsOk());
  EXPECT_FALSE(StatusOf(store).learner);
}

TEST(TrainingStatusTest, FitsATerminal) {
  FakeExperienceStore store;
  FillExampleRun(store, 1100);
  const std::string text = StatusText(StatusOf(store));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
  }
  EXPECT_THAT(text, HasSubstr("episodes    1,100 of 4,000\n"));
  EXPECT_THAT(text, HasSubstr("BD-rate"));
}

TEST(TrainingStatusTest, HandsOnTheStoresError) {
  FakeExperienceStore store;
  for (int healthy = 0; healthy < 7; ++healthy) {
    store.FailCalls(1, healthy);
    EXPECT_THAT(ReadTrainingStatus(store),
                HasStatus(absl::StatusCode::kUnavailable, "told to fail"));
  }
}

}  // namespace
}  // namespace selfplay
