#include "tests/selfplay/fake_experience_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "selfplay/experience_store.h"
#include "selfplay/self_competition.h"
#include "tests/selfplay/example_run.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(FakeExperienceStoreTest, CountsTicketsFromZero) {
  FakeExperienceStore store;
  EXPECT_EQ(*store.TakeTicket(), 0);
  EXPECT_EQ(*store.TakeTicket(), 1);
  EXPECT_EQ(store.Counts()->tickets, 2);
}

TEST(FakeExperienceStoreTest, GivesReturnedTicketsFirst) {
  FakeExperienceStore store;
  for (int i = 0; i < 3; ++i) ASSERT_THAT(store.TakeTicket(), IsOk());
  ASSERT_THAT(store.ReturnTicket(2), IsOk());
  ASSERT_THAT(store.ReturnTicket(1), IsOk());
  for (const int64_t want : {1, 2, 3}) EXPECT_EQ(*store.TakeTicket(), want);
  EXPECT_EQ(store.Counts()->tickets, 4);
}

TEST(FakeExperienceStoreTest, RewardsAgainstTheHistoryBefore) {
  FakeExperienceStore store;
  EXPECT_EQ(AddExample(store, {.quality = 40}).reward, 0);
  const EpisodeReceipt receipt = AddExample(store, {.quality = 41});
  EXPECT_EQ(receipt.sequence, 2);
  EXPECT_EQ(receipt.before.quality, 40);
  EXPECT_EQ(receipt.reward, 1);
  EXPECT_EQ(store.Histories()->begin()->second.quality, 40.5);
}

TEST(FakeExperienceStoreTest, CountsADuplicateOnce) {
  FakeExperienceStore store;
  const PlayedEpisode episode = MakeExample(store, {});
  EXPECT_FALSE(store.AddEpisode(episode, {})->is_duplicate);
  EXPECT_TRUE(store.AddEpisode(episode, {})->is_duplicate);
  ASSERT_THAT(store.Prune(1, 1), IsOk());
  EXPECT_TRUE(store.AddEpisode(episode, {})->is_duplicate);
  EXPECT_EQ(store.Counts()->episodes, 1);
  EXPECT_EQ(store.Histories()->begin()->second.episodes, 1);
}

TEST(FakeExperienceStoreTest, RefusesAnEpisodeWithoutItsFirstPass) {
  FakeExperienceStore store;
  PlayedEpisode episode = MakeExample(store, {});
  episode.first_pass = "none";
  EXPECT_THAT(store.AddEpisode(episode, {}),
              HasStatus(absl::StatusCode::kInvalidArgument, "none"));
  EXPECT_EQ(store.Counts()->refused, 1);
}

TEST(FakeExperienceStoreTest, ForgetsTheOldestButNotTheirNumber) {
  FakeExperienceStore store;
  for (int i = 0; i < 5; ++i) AddExample(store, {});
  ASSERT_THAT(store.Prune(2, 1), IsOk());
  const auto episodes = store.EpisodesAfter(0, 10);
  ASSERT_THAT(*episodes, SizeIs(2));
  EXPECT_EQ(episodes->front().sequence, 4);
  EXPECT_EQ(store.Counts()->episodes, 5);
  EXPECT_EQ(store.Counts()->kept_episodes, 2);
}

TEST(FakeExperienceStoreTest, KeepsWeightsAsTheyWerePublished) {
  FakeExperienceStore store;
  EXPECT_EQ(*store.NewestWeightsVersion(), 0);
  EXPECT_THAT(store.PublishWeights(1, "a"), IsOk());
  EXPECT_THAT(store.PublishWeights(1, "a"), IsOk());
  EXPECT_THAT(store.PublishWeights(1, "b"),
              HasStatus(absl::StatusCode::kAlreadyExists, "1"));
  EXPECT_EQ(*store.Weights(1), "a");
  EXPECT_THAT(store.Weights(2), HasStatus(absl::StatusCode::kNotFound, "2"));
}

TEST(FakeExperienceStoreTest, KeepsTheFirstOfASettingThatIsPutOnce) {
  FakeExperienceStore store;
  EXPECT_EQ(*store.Setting("a"), std::nullopt);
  EXPECT_EQ(*store.PutSettingOnce("a", "1"), "1");
  EXPECT_EQ(*store.PutSettingOnce("a", "2"), "1");
  EXPECT_THAT(store.PutSetting("a", "3"), IsOk());
  EXPECT_EQ(*store.Setting("a"), "3");
}

TEST(FakeExperienceStoreTest, ReturnsTheNewestMetricsOldestFirst) {
  FakeExperienceStore store;
  for (const double time : {1.0, 2.0, 3.0}) {
    ASSERT_THAT(store.AddMetrics({.time = time, .role = "worker"}), IsOk());
  }
  ASSERT_THAT(store.AddMetrics({.time = 4, .role = "learner"}), IsOk());
  const auto lines = store.Metrics("worker", 2);
  ASSERT_THAT(*lines, SizeIs(2));
  EXPECT_EQ((*lines)[0].time, 2);
  EXPECT_EQ((*lines)[1].time, 3);
}

TEST(FakeExperienceStoreTest, FailsWhenItIsTold) {
  FakeExperienceStore store;
  store.FailCalls(1, /*healthy=*/1);
  EXPECT_THAT(store.TakeTicket(), IsOk());
  EXPECT_THAT(store.TakeTicket(),
              HasStatus(absl::StatusCode::kUnavailable, "told"));
  EXPECT_EQ(*store.TakeTicket(), 1);
  EXPECT_EQ(store.calls(), 3);
}

}  // namespace
}  // namespace selfplay
