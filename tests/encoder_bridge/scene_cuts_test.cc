#include "encoder_bridge/scene_cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoder_bridge/rate_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FindSceneCutsTest, FindsNoneInASteadyClip) {
  EXPECT_THAT(FindSceneCuts(SteadyStats(100)), IsEmpty());
}

TEST(FindSceneCutsTest, FindsTheFrameThatNothingPredicts) {
  auto stats = SteadyStats(100);
  stats[40].pcnt_inter = 0.01;
  stats[40].coded_error = stats[40].intra_error;
  EXPECT_THAT(FindSceneCuts(stats), ElementsAre(40));
}

TEST(FindSceneCutsTest, PassesOverFlashes) {
  auto stats = SteadyStats(100);
  stats[40].pcnt_inter = 0.01;
  stats[41].pcnt_second_ref = 0.99;  // Predicted from before the flash.
  EXPECT_THAT(FindSceneCuts(stats), IsEmpty());
}

TEST(FindSceneCutsTest, TakesVeryShortClips) {
  for (const int frames : {1, 2, 3, 4, 5}) {
    EXPECT_THAT(FindSceneCuts(SteadyStats(frames)), IsEmpty()) << frames;
  }
  EXPECT_THAT(FindSceneCuts({}), IsEmpty());
}

}  // namespace
}  // namespace encoder_bridge
