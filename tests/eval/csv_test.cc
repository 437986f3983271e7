#include "eval/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace eval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(EvalCsvTest, SplitsRecordsAndFields) {
  const auto csv = ParseCsv("a,b\nc,\n", "t.csv");
  ASSERT_THAT(csv->records, SizeIs(2));
  EXPECT_THAT(csv->records[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(csv->records[1].fields, ElementsAre("c", ""));
  EXPECT_EQ(csv->complete_size, 7u);
}

TEST(EvalCsvTest, ReadsQuotedFields) {
  const auto csv = ParseCsv("\"a,\"\"b\"\"\nc\",d\nx\n", "t.csv");
  EXPECT_THAT(csv->records[0].fields, ElementsAre("a,\"b\"\nc", "d"));
  EXPECT_EQ(csv->records[1].line, 3);
}

TEST(EvalCsvTest, TakesCrLfAndSkipsEmptyLines) {
  const auto csv = ParseCsv("a,\"b\"\r\n\r\nc,d\r\n", "t.csv");
  ASSERT_THAT(csv->records, SizeIs(2));
  EXPECT_THAT(csv->records[0].fields, ElementsAre("a", "b"));
  EXPECT_EQ(csv->records[1].line, 3);
}

TEST(EvalCsvTest, LeavesAnUnfinishedRecordOut) {
  for (const char* tail : {"c", "c,", "c,d", "c,\"d", "c,\"d\"", "c,\"d\"\"",
                           "c,d\r", "c,\"d\"\r", "\"", "\"x\n"}) {
    SCOPED_TRACE(tail);
    const auto csv = ParseCsv(std::string("a,b\n") + tail, "t.csv");
    ASSERT_TRUE(csv.ok()) << csv.status();
    EXPECT_THAT(csv->records, SizeIs(1));
    EXPECT_EQ(csv->complete_size, 4u);
  }
}

TEST(EvalCsvTest, AnEmptyTextHasNoRecords) {
  const auto csv = ParseCsv("", "t.csv");
  EXPECT_THAT(csv->records, IsEmpty());
  EXPECT_EQ(csv->complete_size, 0u);
}

TEST(EvalCsvTest, NamesTheLineOfAMisplacedQuote) {
  EXPECT_THAT(ParseCsv("a\nb\"c\n", "t.csv").status().message(),
              HasSubstr("t.csv:2: a quote inside a field that is not quoted"));
  EXPECT_THAT(ParseCsv("a\n\"b\"c\n", "t.csv").status().message(),
              HasSubstr("t.csv:2: wanted a comma after a quoted field"));
}

TEST(EvalCsvTest, WritesWhatItReads) {
  const std::vector<std::string> fields = {"plain",      "",      " spaced ",
                                           "a,b",        "\"q\"", "two\nlines",
                                           "cr\r\nlf\r", "<b>",   "naïve"};
  const auto csv = ParseCsv(CsvLine(fields), "t.csv");
  ASSERT_TRUE(csv.ok()) << csv.status();
  EXPECT_EQ(csv->records[0].fields, fields);
}

TEST(EvalCsvTest, WritesNumbersAsShortAsTheyReadBack) {
  EXPECT_EQ(CsvNumber(512), "512");
  EXPECT_EQ(CsvNumber(0.1), "0.1");
  EXPECT_EQ(CsvNumber(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(CsvNumber(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace eval
