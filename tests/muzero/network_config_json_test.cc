#include "muzero/network_config_json.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_replace.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;

TEST(NetworkConfigJsonTest, ReadsBackWhatItWrote) {
  NetworkConfig config = SmallConfig();
  config.auxiliary_heads[0].offset = 0.1;
  const std::string text = NetworkConfigToJson(config);
  const auto read = NetworkConfigFromJson(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->auxiliary_heads[0].offset, 0.1);
  EXPECT_EQ(read->num_action_knots, 3);
  EXPECT_EQ(NetworkConfigToJson(*read), text);
}

TEST(NetworkConfigJsonTest, NamesTheFieldThatIsWrong) {
  const struct {
    const char* message;
    const char* from;
    const char* to;
  } kCases[] = {
      {"token_size is not a whole number", "\"token_size\":3", "\"x\":3"},
      {"token_size is not a whole number", "\"token_size\":3",
       "\"token_size\":3.5"},
      {"token_size is too large", "\"token_size\":3",
       "\"token_size\":4294967299"},
      {"token_size is too large", "\"token_size\":3",
       "\"token_size\":18446744073709551615"},
      {"y is unknown", "\"token_size\":3", "\"token_size\":3,\"y\":3"},
      {"support_max is not a number", "\"support_max\":1.0",
       "\"support_max\":\"1\""},
      {"name is no string", "\"name\":\"bits\"", "\"name\":0"},
      {"token_size 0 is not", "\"token_size\":3", "\"token_size\":0"},
  };
  const std::string text = NetworkConfigToJson(SmallConfig());
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.to);
    const std::string changed = absl::StrReplaceAll(text, {{c.from, c.to}});
    ASSERT_NE(changed, text);
    EXPECT_THAT(NetworkConfigFromJson(changed),
                HasStatus(absl::StatusCode::kInvalidArgument, c.message));
  }
  EXPECT_FALSE(NetworkConfigFromJson("[]").ok());
}

}  // namespace
}  // namespace muzero
