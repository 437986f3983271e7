#include "eval/floors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace eval {
namespace {

using ::testing::ElementsAre;

const FloorPoint kLow = {.clip = "a,b", .target_kbps = 256, .floor_kbps = 99.5};
const FloorPoint kHigh = {.clip = "c", .target_kbps = 256, .floor_kbps = 300};

TEST(FloorsTest, ReadsBackWhatItWrote) {
  const std::string text =
      absl::StrCat(FloorsHeader(), FloorsRow(kLow), FloorsRow(kHigh));
  EXPECT_EQ(text, "clip,target_kbps,floor_kbps\n\"a,b\",256,99.5\nc,256,300\n");
  const auto read = ParseFloors(text, "floors.csv");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->floors, ElementsAre(kLow, kHigh));
}

TEST(FloorsTest, LeavesACutLastRowOut) {
  const auto read = ParseFloors(
      absl::StrCat(FloorsHeader(), FloorsRow(kHigh), "c,384,3"), "floors.csv");
  EXPECT_THAT(read->floors, ElementsAre(kHigh));
  EXPECT_EQ(read->complete_size,
            FloorsHeader().size() + FloorsRow(kHigh).size());
}

TEST(FloorsTest, NamesFileLineAndColumnOfWhatItCannotRead) {
  const auto read =
      ParseFloors(absl::StrCat(FloorsHeader(), "c,256,low\n"), "floors.csv");
  EXPECT_EQ(read.status().message(),
            "floors.csv:2: floor_kbps is 'low', not a number");
}

TEST(FloorsTest, ATargetBelowItsFloorIsInfeasible) {
  EXPECT_TRUE(kHigh.is_infeasible());
  EXPECT_FALSE(kLow.is_infeasible());
  EXPECT_FALSE((FloorPoint{"c", 256, 256}.is_infeasible()));
}

}  // namespace
}  // namespace eval
