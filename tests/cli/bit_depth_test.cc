#include "cli/bit_depth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace cli {
namespace {

using testing_support::HasStatus;

TEST(ReadBitDepthTest, LeavesTheChoiceToTheVideo) {
  EXPECT_EQ(*ReadBitDepth("auto", /*codes_ten_bits=*/true), std::nullopt);
}

TEST(ReadBitDepthTest, TakesWhatIsAskedFor) {
  EXPECT_EQ(*ReadBitDepth("8", /*codes_ten_bits=*/true), 8);
  EXPECT_EQ(*ReadBitDepth("10", /*codes_ten_bits=*/true), 10);
}

TEST(ReadBitDepthTest, KeepsToEightBitsWhereLibvpxKnowsNoOther) {
  EXPECT_EQ(*ReadBitDepth("auto", /*codes_ten_bits=*/false), 8);
  EXPECT_EQ(*ReadBitDepth("8", /*codes_ten_bits=*/false), 8);
  EXPECT_THAT(ReadBitDepth("10", /*codes_ten_bits=*/false),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        "built without high bit depth, wanted auto or 8"));
}

TEST(ReadBitDepthTest, RefusesAllElse) {
  for (const char* text : {"9", "12", "", "ten", "10 "}) {
    EXPECT_THAT(ReadBitDepth(text, /*codes_ten_bits=*/true),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          "is not one of auto, 8, 10"));
  }
}

}  // namespace
}  // namespace cli
