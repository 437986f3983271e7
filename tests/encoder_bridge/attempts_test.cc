#include "encoder_bridge/attempts.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/encoder_settings.h"
#include "tests/testing/memory_sink.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::MemorySink;
using ::testing_support::SyntheticClip;

constexpr double kTarget = 100;

TEST(IsBetterAttemptTest, KeepingToTheTargetComesFirstThenQuality) {
  const AttemptResult kKeeps = {.bitrate_kbps = 100, .mean_psnr_db = 30};
  const AttemptResult kKeepsBetter = {.bitrate_kbps = 90, .mean_psnr_db = 31};
  const AttemptResult kOver = {.bitrate_kbps = 101, .mean_psnr_db = 40};
  const AttemptResult kFarOver = {.bitrate_kbps = 120, .mean_psnr_db = 50};
  EXPECT_TRUE(IsBetterAttempt(kKeeps, kOver, kTarget));
  EXPECT_FALSE(IsBetterAttempt(kOver, kKeeps, kTarget));
  EXPECT_TRUE(IsBetterAttempt(kKeepsBetter, kKeeps, kTarget));
  EXPECT_FALSE(IsBetterAttempt(kKeeps, kKeepsBetter, kTarget));
  EXPECT_TRUE(IsBetterAttempt(kOver, kFarOver, kTarget));
  EXPECT_FALSE(IsBetterAttempt(kFarOver, kOver, kTarget));
  EXPECT_FALSE(IsBetterAttempt(kKeeps, kKeeps, kTarget));
}

// Encodes of one small clip, each attempt at a q_index of its own.
class AttemptsTest : public testing::Test {
 protected:
  AttemptsTest() : first_(RunFirstPass(clip_, kSettings, IgnoreProgress)) {}

  absl::StatusOr<BestAttempt> Run(const std::vector<int>& q_indices,
                                  int target_kbps) {
    return Run(q_indices, target_kbps, target_kbps);
  }
  // With a target that is not whole, and what libvpx is told.
  absl::StatusOr<BestAttempt> Run(const std::vector<int>& q_indices,
                                  double target_kbps, int whole_kbps) {
    return Run(q_indices, target_kbps, whole_kbps, kSettings,
               /*learn_costs=*/false);
  }
  // At another speed, by attempts that learn what frames cost.
  absl::StatusOr<BestAttempt> Learn(const std::vector<int>& q_indices,
                                    int target_kbps, int cpu_used) {
    return Run(q_indices, target_kbps, target_kbps, {.cpu_used = cpu_used},
               /*learn_costs=*/true);
  }
  absl::StatusOr<BestAttempt> Run(const std::vector<int>& q_indices,
                                  double target_kbps, int whole_kbps,
                                  const EncoderSettings& settings,
                                  bool learn_costs) {
    sink_ = MemorySink();
    return RunAttempts(
        clip_, settings, *first_,
        {.attempts = static_cast<int>(q_indices.size()),
         .target_kbps = target_kbps,
         .second_pass = {.mode = RateControlMode::kExternal,
                         .target_bitrate_kbps = whole_kbps},
         .make_controller = [&](int attempt)
             -> absl::StatusOr<std::unique_ptr<RateController>> {
           const int q = q_indices[static_cast<size_t>(attempt)];
           if (q == 0) return absl::UnavailableError("no controller");
           return std::make_unique<ConstantQController>(ConstantQIndices{
               .key = q, .alt_ref = q, .golden = q, .inter = q});
         },
         .learn_costs = learn_costs,
         .progress =
             [&](const AttemptProgress& progress) {
               last_attempt_ = progress.attempt;
               if (progress.is_scout) scouts_.insert(progress.attempt);
               return absl::OkStatus();
             }},
        sink_);
  }

  static absl::Status IgnoreProgress(const EncodeProgress&) {
    return absl::OkStatus();
  }

  static constexpr EncoderSettings kSettings = {.cpu_used = 4};
  SyntheticClip clip_{{.num_frames = 12}};
  const absl::StatusOr<FirstPassResult> first_;
  MemorySink sink_;
  int last_attempt_ = -1;
  std::set<int> scouts_;
};

TEST_F(AttemptsTest, HandsOnTheBestThatKeepsToTheTarget) {
  // What the middle one needs; the finer one needs more.  libvpx places groups
  // by the target: what is compared must be coded at the same.
  const auto sized = Run({120}, 1);
  ASSERT_THAT(sized, IsOk());
  const int target = static_cast<int>(sized->result.bitrate_kbps) + 1;
  const auto alone = Run({120}, target);
  ASSERT_THAT(alone, IsOk());
  const auto wanted = sink_.packets();
  const auto best = Run({200, 120, 20}, target);
  ASSERT_THAT(best, IsOk());
  EXPECT_EQ(best->attempt, 1);
  EXPECT_EQ(best->result.bitrate_kbps, alone->result.bitrate_kbps);
  EXPECT_TRUE(sink_.packets() == wanted);
  EXPECT_EQ(last_attempt_, 2);
  ASSERT_EQ(best->attempts.size(), 3u);
  EXPECT_LT(best->attempts[0].mean_psnr_db, best->attempts[1].mean_psnr_db);
  EXPECT_GT(best->attempts[2].bitrate_kbps, target);
  EXPECT_NE(best->controller, nullptr);
}

TEST_F(AttemptsTest, CompetesAtTheTargetBeforeItIsRounded) {
  const auto fine = Run({120}, 20);
  ASSERT_THAT(fine, IsOk());
  const double rate = fine->result.bitrate_kbps;
  const auto over = Run({160, 120}, rate - 0.01, 20);
  ASSERT_THAT(over, IsOk());
  EXPECT_EQ(over->attempt, 0);
  const auto within = Run({160, 120}, rate + 0.01, 20);
  ASSERT_THAT(within, IsOk());
  EXPECT_EQ(within->attempt, 1);
}

TEST_F(AttemptsTest, TakesTheSmallestWhereNoneKeepsToTheTarget) {
  const auto best = Run({100, 220, 160}, 1);
  ASSERT_THAT(best, IsOk());
  EXPECT_EQ(best->attempt, 1);
}

TEST_F(AttemptsTest, AScoutIsQuickAndNoCandidate) {
  for (const int slow : {0, 1}) {
    const auto best = Learn({20, 160, 120}, 1000, slow);
    ASSERT_THAT(best, IsOk());
    EXPECT_EQ(best->attempt, 2);
    ASSERT_EQ(best->attempts.size(), 3u);
    EXPECT_GT(best->attempts[0].mean_psnr_db, best->attempts[2].mean_psnr_db);
    EXPECT_EQ(best->attempts[0].cpu_used, kFastestCpuUsed);
    EXPECT_EQ(best->attempts[1].cpu_used, slow);
    EXPECT_EQ(best->attempts[2].cpu_used, slow);
    EXPECT_EQ(scouts_, std::set<int>{0});
    // Not where none keeps to the target, either.
    const auto small = Learn({255, 120}, 1, slow);
    ASSERT_THAT(small, IsOk());
    EXPECT_EQ(small->attempt, 1);
  }
}

TEST_F(AttemptsTest, WhatIsQuickEnoughHasNoScout) {
  for (const int fast : {2, 4, 5, 8}) {
    const auto best = Learn({20, 160}, 1000, fast);
    ASSERT_THAT(best, IsOk());
    EXPECT_EQ(best->attempt, 0);
    EXPECT_EQ(best->attempts[0].cpu_used, fast);
    EXPECT_TRUE(scouts_.empty());
  }
}

TEST_F(AttemptsTest, AttemptsThatLearnNothingHaveNoScout) {
  const auto best = Run({20, 160}, 1000, 1000, {.cpu_used = 1},
                        /*learn_costs=*/false);
  ASSERT_THAT(best, IsOk());
  EXPECT_EQ(best->attempt, 0);
  EXPECT_EQ(best->attempts[0].cpu_used, 1);
}

TEST_F(AttemptsTest, WhatFollowsAScoutIsCodedAsIfItWereAlone) {
  const auto alone = Learn({120}, 1000, /*cpu_used=*/1);
  ASSERT_THAT(alone, IsOk());
  EXPECT_EQ(alone->attempts[0].cpu_used, 1);
  const auto wanted = sink_.packets();
  EXPECT_FALSE(wanted.empty());
  ASSERT_THAT(Learn({20, 120}, 1000, /*cpu_used=*/1), IsOk());
  EXPECT_TRUE(sink_.packets() == wanted);
}

TEST_F(AttemptsTest, HandsOnNothingIfAnAttemptFails) {
  EXPECT_THAT(Run({100, 0}, 1000),
              HasStatus(absl::StatusCode::kUnavailable, "no controller"));
  EXPECT_TRUE(sink_.packets().empty());
}

}  // namespace
}  // namespace encoder_bridge
