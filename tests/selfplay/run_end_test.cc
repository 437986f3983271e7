#include "selfplay/run_end.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(RunEndTest, ARunThatNobodyBeganIsNotFinished) {
  FakeExperienceStore store;
  EXPECT_FALSE(*IsRunFinished(store));
}

TEST(RunEndTest, IsWhatTheLearnerLastTold) {
  FakeExperienceStore store;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(TellRunGoesOn(store), IsOk());
    EXPECT_FALSE(*IsRunFinished(store));
    ASSERT_THAT(TellRunIsFinished(store), IsOk());
    EXPECT_TRUE(*IsRunFinished(store));
  }
}

TEST(RunEndTest, PassesOnTheStoresErrors) {
  FakeExperienceStore store;
  store.FailCalls(1);
  EXPECT_THAT(IsRunFinished(store),
              HasStatus(absl::StatusCode::kUnavailable, ""));
}

}  // namespace
}  // namespace selfplay
