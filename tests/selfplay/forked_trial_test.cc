#include "selfplay/forked_trial.h"

#include <gtest/gtest.h>

#include <csignal>

#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

TEST(ForkedTrialTest, TellsItsResult) {
  auto trial = ForkedTrial::Begin();
  ASSERT_THAT(trial, IsOk());
  if (trial->IsTrial()) {
    trial->Finish({.bits = 1.5, .psnr_sum_db = 70, .shown_frames = 2});
  }
  const auto result = trial->Wait();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->bits, 1.5);
  EXPECT_EQ(result->psnr_sum_db, 70);
  EXPECT_EQ(result->shown_frames, 2);
}

TEST(ForkedTrialTest, WhatItChangesIsItsOwn) {
  int tried = 0;
  auto trial = ForkedTrial::Begin();
  ASSERT_THAT(trial, IsOk());
  if (trial->IsTrial()) {
    tried = 7;
    trial->Finish({.shown_frames = tried});
  }
  EXPECT_EQ(trial->Wait()->shown_frames, 7);
  EXPECT_EQ(tried, 0);
}

TEST(ForkedTrialTest, SaysSoWhenItGivesUp) {
  auto trial = ForkedTrial::Begin();
  ASSERT_THAT(trial, IsOk());
  if (trial->IsTrial()) ForkedTrial::GiveUp();
  EXPECT_THAT(trial->Wait(),
              HasStatus(absl::StatusCode::kInternal, "without a result"));
}

TEST(ForkedTrialTest, SaysSoWhenItIsKilled) {
  auto trial = ForkedTrial::Begin();
  ASSERT_THAT(trial, IsOk());
  if (trial->IsTrial()) std::raise(SIGKILL);
  EXPECT_THAT(trial->Wait(),
              HasStatus(absl::StatusCode::kInternal, "killed by signal 9"));
}

}  // namespace
}  // namespace selfplay
