#include "encoder_bridge/display_geometry.h"

#include <gtest/gtest.h>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr int32_t kOne = 1 << 16;

TEST(OrientationTest, NamesTheFiltersOfADisplayMatrix) {
  const struct {
    const char* name;
    int32_t matrix[9];
    Orientation want;
  } kCases[] = {
      {"upright", {kOne, 0, 0, 0, kOne, 0, 0, 0, 1 << 30}, {}},
      {"90 clockwise",
       {0, kOne, 0, -kOne, 0, 0, 0, 0, 1 << 30},
       {.filters = "transpose=clock", .swaps_sides = true}},
      {"90 counterclockwise",
       {0, -kOne, 0, kOne, 0, 0, 0, 0, 1 << 30},
       {.filters = "transpose=cclock", .swaps_sides = true}},
      {"upside down",
       {-kOne, 0, 0, 0, -kOne, 0, 0, 0, 1 << 30},
       {.filters = "hflip,vflip"}},
      {"mirrored",
       {-kOne, 0, 0, 0, kOne, 0, 0, 0, 1 << 30},
       {.filters = "hflip"}},
      {"flipped",
       {kOne, 0, 0, 0, -kOne, 0, 0, 0, 1 << 30},
       {.filters = "vflip"}},
      {"transposed",
       {0, kOne, 0, kOne, 0, 0, 0, 0, 1 << 30},
       {.filters = "transpose=cclock_flip", .swaps_sides = true}},
      {"tilted",
       {kOne, kOne, 0, -kOne, kOne, 0, 0, 0, 1 << 30},
       {.ignored_degrees = 45}},
      {"nothing at all", {}, {}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(OrientationOf(c.matrix), c.want) << c.name;
  }
}

TEST(UprightTest, SwapsTheSidesOfAPictureAndOfItsPixels) {
  const Orientation turned = {.swaps_sides = true};
  EXPECT_EQ(Upright({96, 64, {4, 3}}, turned), (PictureShape{64, 96, {3, 4}}));
  EXPECT_EQ(Upright({96, 64, {0, 1}}, turned), (PictureShape{64, 96, {0, 1}}));
  EXPECT_EQ(Upright({96, 64, {4, 3}}, {}), (PictureShape{96, 64, {4, 3}}));
}

TEST(ScaledShapeTest, FollowsTheOptions) {
  const struct {
    const char* name;
    PictureShape upright;
    int width;
    int height;
    bool only_shrink;
    PictureShape want;
  } kCases[] = {
      {"as is", {853, 477}, 0, 0, false, {853, 477}},
      {"by height, width even", {853, 477}, 0, 240, false, {430, 240}},
      {"by width, height even", {853, 477}, 426, 0, false, {426, 238}},
      {"height as it is", {853, 477}, 0, 477, false, {853, 477}},
      {"up", {96, 64}, 0, 128, false, {192, 128}},
      {"not up", {96, 64}, 0, 128, true, {96, 64}},
      {"down", {96, 64}, 0, 32, true, {48, 32}},
      {"a thin one", {1, 1000}, 0, 100, false, {2, 100}},
      {"height keeps pixels", {96, 64, {4, 3}}, 0, 32, false, {48, 32, {4, 3}}},
      {"size squeezes pixels",
       {96, 64, {4, 3}},
       64,
       64,
       false,
       {64, 64, {2, 1}}},
      {"size in proportion", {96, 64}, 48, 32, false, {48, 32}},
      {"size of unknown pixels", {96, 64}, 64, 64, false, {64, 64, {3, 2}}},
      {"size as a bound", {96, 64}, 200, 32, true, {96, 32, {1, 2}}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ScaledShape(c.upright, c.width, c.height, c.only_shrink), c.want)
        << c.name;
  }
}

}  // namespace
}  // namespace encoder_bridge
