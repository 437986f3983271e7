#include "encoder_bridge/constant_q_controller.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(ConstantQControllerTest, ChoosesByFrameType) {
  ConstantQController controller(
      {.key = 40, .alt_ref = 60, .golden = 80, .inter = 100});
  const struct {
    FrameType type;
    int want;
  } kCases[] = {{FrameType::kKey, 40},
                {FrameType::kAltRef, 60},
                {FrameType::kGolden, 80},
                {FrameType::kInter, 100},
                {FrameType::kOverlay, 100}};
  for (const auto& c : kCases) {
    EXPECT_EQ(controller.ChooseQIndex({.type = c.type}).value(), c.want);
  }
}

TEST(ConstantQControllerTest, RefusesAFrameTypeThatDoesNotExist) {
  ConstantQController controller({});
  EXPECT_THAT(controller.ChooseQIndex({.type = static_cast<FrameType>(9)}),
              HasStatus(absl::StatusCode::kInternal, "unknown type 9"));
}

TEST(ConstantQIndicesTest, NamesTheFirstValueOutOfRange) {
  EXPECT_THAT(ConstantQIndices{.key = 1}.Validate(), IsOk());
  EXPECT_THAT(ConstantQIndices{.golden = 0}.Validate(),
              HasStatus(absl::StatusCode::kOutOfRange,
                        "q_index 0 for golden frames is not in [1, 255]"));
  EXPECT_THAT(ConstantQIndices{.inter = 256}.Validate(),
              HasStatus(absl::StatusCode::kOutOfRange, "256 for inter frames"));
}

}  // namespace
}  // namespace encoder_bridge
