#include "videos/csv.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace videos {
namespace {

using ::testing::ElementsAre;

std::vector<std::vector<std::string>> FieldsOf(
    const absl::StatusOr<std::vector<CsvRow>>& rows) {
  std::vector<std::vector<std::string>> fields;
  if (!rows.ok()) return {{std::string(rows.status().message())}};
  for (const CsvRow& row : *rows) fields.push_back(row.fields);
  return fields;
}

TEST(CsvTest, SplitsTextAsRfc4180Does) {
  const struct {
    const char* name;
    const char* text;
    std::vector<std::vector<std::string>> want;
  } kCases[] = {
      {"nothing", "", {}},
      {"two rows", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"no line end at the end", "a,b", {{"a", "b"}}},
      {"CRLF", "a,b\r\nc\r\n", {{"a", "b"}, {"c"}}},
      {"empty fields", "a,,\n,b", {{"a", "", ""}, {"", "b"}}},
      {"empty lines", "\na\n\r\n\nb\n\n", {{"a"}, {"b"}}},
      {"spaces are kept", " a ,b ", {{" a ", "b "}}},
      {"quoted comma", "\"a,b\",c", {{"a,b", "c"}}},
      {"quoted quote", "\"a \"\"b\"\"\"", {{"a \"b\""}}},
      {"quoted line break", "\"a\nb\"\nc", {{"a\nb"}, {"c"}}},
      {"quoted and empty", "\"\",\"\"", {{"", ""}}},
      {"byte order mark", "\xEF\xBB\xBFname\n", {{"name"}}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(FieldsOf(ParseCsv(c.text, "f.csv")), c.want);
  }
}

TEST(CsvTest, KnowsTheLineWhereEachRowBegins) {
  const auto rows = ParseCsv("a\n\n\"b\nb\"\r\nc\n", "f.csv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  std::vector<int> lines;
  for (const CsvRow& row : *rows) lines.push_back(row.line);
  EXPECT_THAT(lines, ElementsAre(1, 3, 5));
}

TEST(CsvTest, SaysWhereQuotesAreWrong) {
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"a\n\"b\nc", "f.csv:2: a quoted field begins here and never ends"},
      {"a\nb,\"", "f.csv:2: a quoted field begins here and never ends"},
      {"\"a\" ,b", "f.csv:1: wanted a comma after a quoted field"},
      {"\"a\nb\"c", "f.csv:2: wanted a comma after a quoted field"},
      {"a\"b", "f.csv:1: a quote inside a field that is not quoted"},
  };
  for (const auto& c : kCases) {
    const auto rows = ParseCsv(c.text, "f.csv");
    EXPECT_TRUE(absl::IsInvalidArgument(rows.status())) << rows.status();
    EXPECT_EQ(rows.status().message(), c.want);
  }
}

}  // namespace
}  // namespace videos
