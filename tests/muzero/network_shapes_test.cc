#include "muzero/network_shapes.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(NetworkShapesTest, DefaultsMakeAboutAMillionParameters) {
  const NetworkConfig config = {
      .token_size = 40, .context_size = 24, .num_actions = 255};
  RecordProperty("parameters", static_cast<int>(NumParameters(config)));
  EXPECT_GT(NumParameters(config), 800'000);
  EXPECT_LT(NumParameters(config), 1'300'000);
}

TEST(NetworkShapesTest, UnorderedActionsHaveOnePointEach) {
  NetworkConfig config = SmallConfig();
  config.num_action_knots = 0;
  EXPECT_EQ(ShapesOf(config).parameters.at("dynamics.action_points"),
            (std::vector<int64_t>{5, 6}));
}

TEST(NetworkShapesTest, WeightsMustBeJustThoseOfTheNetwork) {
  const Checkpoint good = SmallCheckpoint();
  EXPECT_THAT(CheckWeights(good.config, good.weights), IsOk());

  NamedTensors weights = good.weights;
  weights["token_mean"].shape = {4};
  EXPECT_THAT(CheckWeights(good.config, weights),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "tensor 'token_mean' has shape [4], but the network "
                        "needs [3]"));
  weights.erase("token_mean");
  EXPECT_THAT(CheckWeights(good.config, weights),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "tensor 'token_mean' of shape [3] is missing"));
  weights = good.weights;
  weights["more"] = {.shape = {2}};
  EXPECT_THAT(CheckWeights(good.config, weights),
              HasStatus(absl::StatusCode::kInvalidArgument, "'more'"));
}

}  // namespace
}  // namespace muzero
