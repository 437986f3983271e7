#include "encoder_bridge/key_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;

constexpr KeyFrameRules kRules = {
    .kf_max_dist = 128, .width = 640, .height = 360, .frame_rate = 30};

// A steady clip with cuts.
std::vector<FirstPassFrameStats> StatsWithCuts(
    int num_frames, const std::vector<size_t>& cuts) {
  auto stats = SteadyStats(num_frames);
  for (const size_t cut : cuts) {
    stats[cut].pcnt_inter = 0.01;
    stats[cut].coded_error = stats[cut].intra_error;
    stats[cut].sr_coded_error = stats[cut].intra_error;
  }
  return stats;
}

TEST(FindKeyFramesTest, AreAtScenesAndAtTheLongestDistanceFromTheLast) {
  EXPECT_THAT(FindKeyFrames(StatsWithCuts(300, {40}), kRules),
              ElementsAre(0, 40, 168, 296));
}

TEST(FindKeyFramesTest, AreNotAtAFlash) {
  auto stats = StatsWithCuts(100, {40});
  stats[41].sr_coded_error = stats[41].coded_error / 2;
  EXPECT_THAT(FindKeyFrames(stats, kRules), ElementsAre(0));
}

TEST(FindKeyFramesTest, AreWhereAStillPictureFollowsMotion) {
  auto stats = SteadyStats(200);
  for (FirstPassFrameStats& s : stats) {
    s.sr_coded_error = s.coded_error + s.intra_error;
  }
  for (size_t i = 50; i < stats.size(); ++i) {
    stats[i].pcnt_inter = 1;
    stats[i].pcnt_motion = 0;
    stats[i].sr_coded_error = stats[i].coded_error;
  }
  EXPECT_THAT(FindKeyFrames(stats, kRules), ElementsAre(0, 50, 178));
}

TEST(FindKeyFramesTest, KeepToAFixedDistance) {
  KeyFrameRules rules = kRules;
  rules.kf_max_dist = 30;
  rules.only_at_distance = true;
  EXPECT_THAT(FindKeyFrames(StatsWithCuts(100, {40}), rules),
              ElementsAre(0, 30, 60, 90));
}

TEST(FindKeyFramesTest, AreAllFramesAtDistanceZeroOrOne) {
  for (const int distance : {0, 1}) {
    KeyFrameRules rules = kRules;
    rules.kf_max_dist = distance;
    EXPECT_THAT(FindKeyFrames(SteadyStats(4), rules), ElementsAre(0, 1, 2, 3));
  }
}

}  // namespace
}  // namespace encoder_bridge
