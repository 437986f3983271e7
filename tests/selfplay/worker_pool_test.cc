#include "selfplay/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "selfplay/rollout_gate.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/self_play.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using namespace std::chrono_literals;

constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

// Never opens.
class ClosedGate : public RolloutGate {
 public:
  absl::Status WaitToBegin(const std::stop_token& stop) override {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, stop, [] { return false; });
    return absl::CancelledError("stopped");
  }
};

TEST(WorkerPoolTest, SharesTheEpisodesAmongItsWorkers) {
  SelfPlay play;
  ASSERT_THAT(play.Play(/*num_workers=*/4, /*episodes=*/12), IsOk());
  std::set<std::string> ids;
  std::set<std::string> workers;
  for (const StoredEpisode& stored : play.Stored()) {
    ids.insert(stored.episode.id);
    workers.insert(stored.episode.worker);
  }
  EXPECT_THAT(ids, SizeIs(12));
  EXPECT_GT(workers.size(), 1);
}

TEST(WorkerPoolTest, PlaysNoMoreEpisodesThanItMay) {
  SelfPlay play;
  ASSERT_THAT(play.Play(3, 5), IsOk());
  EXPECT_THAT(play.Stored(), SizeIs(5));
}

TEST(WorkerPoolTest, ReportsABadClipOnceForAllWorkers) {
  SelfPlay play;
  play.AddBadClip("no video");
  ASSERT_THAT(play.Play(3, 12), IsOk());
  EXPECT_THAT(play.left_out, SizeIs(1));
  EXPECT_THAT(play.Stored(), SizeIs(12));
}

TEST(WorkerPoolTest, StopsWithinAFramesTime) {
  SelfPlay play;
  std::mutex mutex;
  std::condition_variable played;
  bool has_played = false;
  play.on_episode = [&](const EpisodeEvent&) {
    const std::lock_guard lock(mutex);
    has_played = true;
    played.notify_all();
  };
  const auto pool = play.Start(2, kEndless);
  std::unique_lock lock(mutex);
  played.wait(lock, [&] { return has_played; });
  lock.unlock();
  pool->Stop();
  EXPECT_TRUE(pool->WaitFor(2s));
  EXPECT_THAT(pool->status(), IsOk());
}

TEST(WorkerPoolTest, ThrowsAnUnfinishedEpisodeAwayAndGivesItsTicketBack) {
  SelfPlay play;
  std::unique_ptr<WorkerPool> pool;
  std::mutex mutex;  // Of pool, while it is being made.
  int calls = 0;
  play.policy = std::make_shared<Policy>(
      std::make_unique<FakePolicyModel>([&](const muzero::Observation&) {
        const std::lock_guard lock(mutex);
        if (++calls == 5) pool->Stop();
        return 100;
      }));
  {
    const std::lock_guard lock(mutex);
    pool = play.Start(1, kEndless);
  }
  EXPECT_TRUE(pool->WaitFor(60s));
  EXPECT_EQ(calls, 5);
  EXPECT_THAT(play.Stored(), SizeIs(0));
  EXPECT_EQ(*play.store.TakeTicket(), 0);
}

TEST(WorkerPoolTest, StopsWhileItWaitsForTheGate) {
  SelfPlay play;
  ClosedGate gate;
  play.gate = &gate;
  const auto pool = play.Start(2, kEndless);
  EXPECT_FALSE(pool->WaitFor(20ms));
  pool->Stop();
  EXPECT_TRUE(pool->WaitFor(60s));
  EXPECT_THAT(pool->status(), IsOk());
}

TEST(WorkerPoolTest, StopsWhileItWaitsForAPolicy) {
  SelfPlay play;
  play.policy = nullptr;
  const auto pool = play.Start(2, kEndless);
  EXPECT_FALSE(pool->WaitFor(20ms));
  pool->Stop();
  EXPECT_TRUE(pool->WaitFor(60s));
  EXPECT_THAT(pool->status(), IsOk());
}

TEST(WorkerPoolTest, EndsAllWorkersWhenOneFails) {
  SelfPlay play;
  play.on_episode = [&play](const EpisodeEvent&) { play.store.FailCalls(1); };
  EXPECT_THAT(play.Play(3, kEndless),
              HasStatus(absl::StatusCode::kUnavailable, ""));
}

}  // namespace
}  // namespace selfplay
