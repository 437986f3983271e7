#include "muzero/trainer_config.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(TrainerConfigTest, DefaultsAreValid) {
  EXPECT_THAT(TrainerConfig().Validate(), IsOk());
}

TEST(TrainerConfigTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(TrainerConfig{.learning_rate = -1}.Validate(),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "learning_rate -1 is not in [0, 1]"));
  EXPECT_THAT(TrainerConfig{.value_weight = std::nan("")}.Validate(),
              HasStatus(absl::StatusCode::kInvalidArgument, "value_weight"));
  EXPECT_THAT(TrainerConfig{.dynamics_gradient_scale = 2}.Validate(),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "dynamics_gradient_scale 2"));
}

}  // namespace
}  // namespace muzero
