#include "encoder_bridge/sample_variance.h"

#include <gtest/gtest.h>

#include "encoder_bridge/rate_controller.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using ::testing_support::Content;
using ::testing_support::SyntheticClip;

double VarianceOf(Content content) {
  SyntheticClip clip({.content = content});
  return LocalVariance(**clip.Next());
}

TEST(LocalVarianceTest, IsTheVarianceOfNoise) {
  // Uniform over 256 values: (256^2 - 1) / 12.
  EXPECT_NEAR(VarianceOf(Content::kNoise), 5461, 200);
}

TEST(LocalVarianceTest, IsSmallForPictures) {
  EXPECT_EQ(VarianceOf(Content::kBlack), 0);
  EXPECT_LT(VarianceOf(Content::kMovingTexture), 100);
}

TEST(LocalVarianceTest, IsZeroForOneSample) {
  SyntheticClip clip({.width = 1, .height = 1});
  EXPECT_EQ(LocalVariance(**clip.Next()), 0);
}

TEST(SafeMinQIndexTest, BindsOnlyForNoise) {
  EXPECT_EQ(SafeMinQIndex(0), kMinQIndex);
  EXPECT_EQ(SafeMinQIndex(100), kMinQIndex);
  EXPECT_GT(SafeMinQIndex(5461), 12) << "12 was found to be safe, 8 not";
  EXPECT_LT(SafeMinQIndex(5461), 40);
  EXPECT_LE(SafeMinQIndex(255.0 * 255 / 2), kMaxQIndex);
}

}  // namespace
}  // namespace encoder_bridge
