#include "encoder_bridge/target_bitrates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;

TEST(TargetsForTest, ScalesWithPixelsAndFrameRate) {
  const VideoFormat quarter = {
      .width = 427, .height = 240, .frame_rate = {30, 1}};
  EXPECT_THAT(TargetsFor(quarter, {256, 512}, /*scale_targets=*/true),
              ElementsAre(64, 128));
  EXPECT_THAT(TargetsFor(quarter, {512, 256}, /*scale_targets=*/false),
              ElementsAre(256, 512));
}

TEST(TargetsForTest, MergesTargetsThatAreOneAfterRounding) {
  const VideoFormat tiny = {.width = 16, .height = 16, .frame_rate = {30, 1}};
  EXPECT_THAT(TargetsFor(tiny, {256, 384}, /*scale_targets=*/true),
              ElementsAre(1));
}

TEST(TargetForTest, IsAtLeastOneKilobit) {
  const VideoFormat tiny = {.width = 16, .height = 16, .frame_rate = {30, 1}};
  EXPECT_EQ(TargetFor(tiny, 0.25, /*scale_target=*/true), 1);
  EXPECT_EQ(TargetFor(tiny, 100.4, /*scale_target=*/false), 100);
}

}  // namespace
}  // namespace encoder_bridge
