#include "selfplay/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "selfplay/action_space.h"
#include "selfplay/encode_episode.h"
#include "selfplay/experience_store.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/self_play.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::shared_ptr<Policy> PolicyThatFailsFrom(int call) {
  auto model = std::make_unique<FakePolicyModel>(Feedback());
  model->FailFrom(call);
  return std::make_shared<Policy>(std::move(model), /*version=*/9);
}

TEST(WorkerTest, PlaysEveryPairOnceARound) {
  SelfPlay play;
  ASSERT_THAT(play.Play(/*num_workers=*/1, /*episodes=*/8), IsOk());
  std::map<Pair, int> counts;
  for (const StoredEpisode& stored : play.Stored()) {
    ++counts[stored.episode.pair];
  }
  EXPECT_THAT(counts, SizeIs(4));
  for (const auto& [pair, count] : counts) EXPECT_EQ(count, 2) << pair.clip;
  EXPECT_EQ(counts.begin()->first, (Pair{"clip-0.webm@96x64", 40}));
}

TEST(WorkerTest, SaysAllThereIsToAnEpisode) {
  SelfPlay play;
  ASSERT_THAT(play.Play(1, 1), IsOk());
  const PlayedEpisode episode = play.Stored().at(0).episode;
  EXPECT_EQ(episode.id, "ticket-0");
  EXPECT_EQ(episode.worker, "test-1");
  EXPECT_EQ(episode.weights_version, 3);
  EXPECT_EQ(episode.encode.sequence.num_frames, 12);
  EXPECT_GE(episode.encode.steps.size(), 12);
  EXPECT_THAT(episode.encode.steps[0].search_policy, SizeIs(kNumActions));
  EXPECT_GT(episode.seconds, 0);
  EXPECT_NEAR(episode.outcome.quality, episode.encode.outcome.mean_psnr_db,
              0.01);
  EXPECT_NEAR(1 + episode.outcome.overshoot,
              std::max(1.0, episode.encode.outcome.bits_fraction), 0.01);
}

TEST(WorkerTest, LeavesWhatItTakesToRebuildObservations) {
  SelfPlay play;
  ASSERT_THAT(play.Play(1, 1), IsOk());
  const PlayedEpisode episode = play.Stored().at(0).episode;
  const auto stats = play.store.FirstPass(episode.first_pass);
  ASSERT_THAT(stats, IsOk());
  const auto observations = RebuildObservations(episode.encode, *stats);
  ASSERT_THAT(observations, IsOk());
  EXPECT_EQ(observations->size(), episode.encode.steps.size());
}

TEST(WorkerTest, PlaysTheSameEpisodesFromTheSameSeed) {
  SelfPlay first;
  ASSERT_THAT(first.Play(1, 5), IsOk());
  SelfPlay second;
  ASSERT_THAT(second.Play(1, 5), IsOk());
  const auto a = first.Stored();
  const auto b = second.Stored();
  ASSERT_EQ(a.size(), 5);
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(IsSameEpisode(a[i].episode, b.at(i).episode)) << i;
  }
}

TEST(WorkerTest, PlaysOthersFromAnotherSeed) {
  SelfPlay first;
  ASSERT_THAT(first.Play(1, 2), IsOk());
  SelfPlay second;
  second.config.seed = 2;
  ASSERT_THAT(second.Play(1, 2), IsOk());
  EXPECT_FALSE(IsSameEpisode(first.Stored().at(0).episode,
                             second.Stored().at(0).episode));
}

TEST(WorkerTest, LeavesOutAClipThatCannotBeRead) {
  SelfPlay play;
  play.AddBadClip("no video at all");
  ASSERT_THAT(play.Play(1, 8), IsOk());
  EXPECT_THAT(play.left_out, ElementsAre(HasSubstr("bad-2.webm: ")));
  for (const StoredEpisode& stored : play.Stored()) {
    EXPECT_THAT(stored.episode.pair.clip, HasSubstr("clip-"));
  }
  EXPECT_THAT(play.Stored(), SizeIs(8));
}

TEST(WorkerTest, EndsWhenNoClipCanBeRead) {
  SelfPlay play;
  play.clips.clear();
  play.AddBadClip("");
  play.AddBadClip("");
  EXPECT_THAT(play.Play(1, 8), HasStatus(absl::StatusCode::kFailedPrecondition,
                                         "none of the 2 clips can be encoded"));
  EXPECT_THAT(play.left_out, SizeIs(2));
}

TEST(WorkerTest, DoesNotStoreWhatTheModelDidNotChoose) {
  SelfPlay play;
  play.policy = PolicyThatFailsFrom(20);  // In the second episode.
  EXPECT_THAT(play.Play(1, 3),
              HasStatus(absl::StatusCode::kInternal, "weights 9 failed: "));
  EXPECT_THAT(play.Stored(), SizeIs(1));
  EXPECT_THAT(play.refused, SizeIs(5));
  EXPECT_THAT(play.refused[0], HasSubstr("1: the model of weights 9 failed"));
}

TEST(WorkerTest, GuardsTheEpisodesItIsToldTo) {
  SelfPlay play;
  play.config.self_play.guarded_fraction = 1;
  play.policy = std::make_shared<Policy>(
      std::make_unique<FakePolicyModel>(Always(255)), /*version=*/1);
  int overrides = 0;
  play.on_episode = [&overrides](const EpisodeEvent& event) {
    overrides += event.planning.guard_overrides;
  };
  ASSERT_THAT(play.Play(1, 2), IsOk());
  EXPECT_GT(overrides, 0);
}

TEST(WorkerTest, GivesTheTicketBackWhereTheStoreFails) {
  SelfPlay play;
  play.store.FailCalls(1, /*healthy=*/1);
  EXPECT_THAT(play.Play(1, 2), HasStatus(absl::StatusCode::kUnavailable, ""));
  ASSERT_THAT(play.Play(1, 2), IsOk());
  EXPECT_EQ(play.Stored().at(0).episode.id, "ticket-0");
}

TEST(WorkerTest, PassesOnTheStoresErrors) {
  SelfPlay play;
  play.store.FailCalls(1);
  EXPECT_THAT(play.Play(1, 2), HasStatus(absl::StatusCode::kUnavailable, ""));
}

}  // namespace
}  // namespace selfplay
