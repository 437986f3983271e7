#include "selfplay/plain_text.h"

#include <gtest/gtest.h>

#include "absl/strings/string_view.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

TEST(PlainTextTest, IsUtf8WithoutZero) {
  const struct {
    const char* name;
    absl::string_view text;
    bool want;
  } kCases[] = {
      {"nothing", "", true},
      {"ASCII", "a clip.mkv\n", true},
      {"two bytes", "\xc3\xa4", true},
      {"three bytes", "\xe6\xbc\xa2", true},
      {"four bytes", "\xf0\x9f\x8e\xac", true},
      {"the last character", "\xf4\x8f\xbf\xbf", true},
      {"past the last character", "\xf4\x90\x80\x80", false},
      {"zero", absl::string_view("a\0b", 3), false},
      {"Latin-1", "\xe4h", false},
      {"cut short", "\xe6\xbc", false},
      {"a lone second byte", "\x80", false},
      {"overlong", "\xc0\xaf", false},
      {"overlong, three bytes", "\xe0\x80\xaf", false},
      {"half a surrogate", "\xed\xa0\x80", false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(IsPlainText(c.text), c.want);
  }
}

TEST(PlainTextTest, ChecksLength) {
  EXPECT_THAT(CheckPlainText("name", "abc", 1, 3), IsOk());
  EXPECT_THAT(CheckPlainText("name", "abcd", 1, 3),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "name has 4 bytes, wanted 1 to 3"));
}

}  // namespace
}  // namespace selfplay
