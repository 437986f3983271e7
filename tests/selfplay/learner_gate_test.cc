#include "selfplay/learner_gate.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include "absl/status/status.h"
#include "selfplay/training_config.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

// Nothing may be begun before the learner has drawn something.
constexpr RateLimitConfig kClosed = {.min_episodes = 0, .max_ahead = -1};

TEST(LearnerGateTest, OpensAtOnceWhileThereAreTooFewEpisodes) {
  FakeExperienceStore store;
  LearnerGate gate(store, {.min_episodes = 1});
  EXPECT_THAT(gate.WaitToBegin(std::stop_token()), IsOk());
}

TEST(LearnerGateTest, WaitsUntilItIsStopped) {
  FakeExperienceStore store;
  LearnerGate gate(store, kClosed);
  std::stop_source stop;
  const std::jthread stopper([&] {
    while (store.calls() < 6) std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_THAT(gate.WaitToBegin(stop.get_token()),
              HasStatus(absl::StatusCode::kCancelled, "waiting"));
}

TEST(LearnerGateTest, ReadsWhatTheLearnerHasDrawn) {
  FakeExperienceStore store;
  ASSERT_THAT(ReadProgress(store), IsOk());
  EXPECT_EQ(ReadProgress(store)->samples_drawn, 0);
  ASSERT_THAT(store.PutSetting(kLearnerSamplesSetting, "12345"), IsOk());
  EXPECT_EQ(ReadProgress(store)->samples_drawn, 12345);
}

TEST(LearnerGateTest, RefusesASettingThatIsNoNumber) {
  FakeExperienceStore store;
  LearnerGate gate(store, kClosed);
  for (const char* text : {"", "many", "-1", "1.5"}) {
    ASSERT_THAT(store.PutSetting(kLearnerSamplesSetting, text), IsOk());
    EXPECT_THAT(gate.WaitToBegin(std::stop_token()),
                HasStatus(absl::StatusCode::kDataLoss, "learner_samples"));
  }
}

TEST(LearnerGateTest, PassesOnTheStoresErrors) {
  FakeExperienceStore store;
  store.FailCalls(1);
  EXPECT_THAT(LearnerGate(store, {}).WaitToBegin(std::stop_token()),
              HasStatus(absl::StatusCode::kUnavailable, ""));
}

}  // namespace
}  // namespace selfplay
