#include "muzero/network_config.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/status/status.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(NetworkConfigTest, TakesASmallNetworkAndTheDefaultSizes) {
  EXPECT_THAT(SmallConfig().Validate(), IsOk());
  const NetworkConfig config = {
      .token_size = 40, .context_size = 24, .num_actions = 255};
  EXPECT_THAT(config.Validate(), IsOk());
}

TEST(NetworkConfigTest, NamesTheFieldThatIsWrong) {
  const struct {
    const char* message;
    void (*change)(NetworkConfig&);
  } kCases[] = {
      {"token_size 0 is not in [1, 4096]",
       [](NetworkConfig& c) { c.token_size = 0; }},
      {"num_actions -1", [](NetworkConfig& c) { c.num_actions = -1; }},
      {"num_layers 65", [](NetworkConfig& c) { c.num_layers = 65; }},
      {"num_action_knots 6 is not in [0, 5]",
       [](NetworkConfig& c) { c.num_action_knots = 6; }},
      {"num_action_knots 1", [](NetworkConfig& c) { c.num_action_knots = 1; }},
      {"token_width 9 is not a multiple of num_attention_heads 2",
       [](NetworkConfig& c) { c.token_width = 9; }},
      {"support.size 1", [](NetworkConfig& c) { c.support.size = 1; }},
      {"support [2, 1] is not an interval",
       [](NetworkConfig& c) { c.support.min = 2; }},
      {"auxiliary head 'psnr_db' has no name of its own",
       [](NetworkConfig& c) { c.auxiliary_heads[0].name = "psnr_db"; }},
      {"auxiliary head 'bits' scale 0 is not positive",
       [](NetworkConfig& c) { c.auxiliary_heads[0].scale = 0; }},
      {"auxiliary head 'bits' weight nan",
       [](NetworkConfig& c) { c.auxiliary_heads[0].weight = std::nan(""); }},
  };
  for (const auto& c : kCases) {
    NetworkConfig config = SmallConfig();
    c.change(config);
    EXPECT_THAT(config.Validate(),
                HasStatus(absl::StatusCode::kInvalidArgument, c.message));
  }
}

}  // namespace
}  // namespace muzero
