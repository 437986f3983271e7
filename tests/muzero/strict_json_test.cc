#include "muzero/strict_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;

TEST(StrictJsonTest, ReadsPlainJson) {
  const auto json = ParseStrictJson(R"({"a": [1, {"a": "x"}], "b": null})");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["a"][1]["a"], "x");
}

TEST(StrictJsonTest, RefusesWhatIsAmbiguousDeepOrMalformed) {
  const struct {
    const char* reason;
    std::string text;
  } kCases[] = {
      {"a name is given twice", R"({"a": 1, "a": 2})"},
      {"a name is given twice", R"([{"a": 1, "b": 3, "a": 2}])"},
      {"deeper than 8", std::string(100'000, '[')},
      {"malformed at byte", ""},
      {"malformed at byte", "{} {}"},
      {"malformed at byte", "{\"a\": 1"},
      {"malformed at byte", "\"\xff\""},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text.substr(0, 20));
    EXPECT_THAT(ParseStrictJson(c.text),
                HasStatus(absl::StatusCode::kInvalidArgument, c.reason));
  }
}

}  // namespace
}  // namespace muzero
