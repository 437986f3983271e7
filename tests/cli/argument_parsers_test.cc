#include "cli/argument_parsers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/testing/status_matchers.h"

namespace cli {
namespace {

using testing::ElementsAre;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ParseBitrateKbpsTest, TakesDecimalSuffixes) {
  const struct {
    const char* text;
    double want_kbps;
  } kCases[] = {{"512k", 512},   {"512K", 512}, {"1.5M", 1500},
                {"300000", 300}, {"1000", 1},   {"1k", 1},
                {".5M", 500},    {"1G", 1e6},   {"1000000000", 1e6},
                {"0.001G", 1000}};
  for (const auto& c : kCases) {
    const absl::StatusOr<double> kbps = ParseBitrateKbps(c.text);
    ASSERT_THAT(kbps, IsOk()) << c.text;
    EXPECT_NEAR(*kbps, c.want_kbps, 1e-9) << c.text;
  }
}

TEST(ParseBitrateKbpsTest, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "k", "abc", "nan", "inf", "-1", "-512k", "+5", "1e3", "0x10", "5 k",
        " 5k", "512kk", "512kb", "1.2.3", ".", "512m", "١k"}) {
    EXPECT_THAT(ParseBitrateKbps(text), HasStatus(kInvalid, "is no bitrate"))
        << text;
  }
}

TEST(ParseBitrateKbpsTest, RefusesWhatNoVideoHas) {
  for (const char* text : {"0", "0k", "1", "999", "0.999k", "1000000001",
                           "1.1G", "100T", "99999999999999999999999T"}) {
    EXPECT_THAT(ParseBitrateKbps(text),
                HasStatus(kInvalid, "is not between 1k"))
        << text;
  }
}

TEST(ParseBytesTest, TakesDecimalAndBinaryUnits) {
  const struct {
    const char* text;
    int64_t want;
  } kCases[] = {{"8MB", 8'000'000},
                {"1.5MiB", 1'572'864},
                {"500kB", 500'000},
                {"500KB", 500'000},
                {"2KiB", 2048},
                {"1GB", 1'000'000'000},
                {"1GiB", 1073741824},
                {"300000", 300'000},
                {"1000GB", 1'000'000'000'000}};
  for (const auto& c : kCases) {
    const absl::StatusOr<int64_t> bytes = ParseBytes(c.text);
    ASSERT_THAT(bytes, IsOk()) << c.text;
    EXPECT_EQ(*bytes, c.want) << c.text;
  }
}

TEST(ParseBytesTest, RefusesWhatIsNoSize) {
  for (const char* text : {"", "MB", "8M", "8 MB", "8mb", "8Mb", "8MBs", "-8MB",
                           "1e6", "nan", "8B", "k"}) {
    EXPECT_THAT(ParseBytes(text), HasStatus(kInvalid, "is no file size"))
        << text;
  }
  for (const char* text : {"0", "0MB", "0.1", "1001GB", "99999999999999GB"}) {
    EXPECT_THAT(ParseBytes(text), HasStatus(kInvalid, "is not between"))
        << text;
  }
}

TEST(ParseBitratesKbpsTest, TakesAListInItsOrder) {
  EXPECT_THAT(ParseBitratesKbps("768k,256000,1M").value(),
              ElementsAre(768, 256, 1000));
}

TEST(ParseBitratesKbpsTest, RefusesGapsAndRepetition) {
  for (const char* text : {"", ",", "256k,", ",256k", "256k,,512k"}) {
    EXPECT_THAT(ParseBitratesKbps(text), HasStatus(kInvalid, "is no bitrate"));
  }
  EXPECT_THAT(ParseBitratesKbps("1M,1000k"),
              HasStatus(kInvalid, "'1M,1000k' names something twice"));
}

TEST(ParseSecondsTest, TakesSecondsAndClockTimes) {
  const struct {
    const char* text;
    double want;
  } kCases[] = {{"0", 0},         {"12.5", 12.5}, {"90", 90},
                {"1:30", 90},     {"0:90", 90},   {"0:01:30.5", 90.5},
                {"1:00:00", 3600}};
  for (const auto& c : kCases) {
    const absl::StatusOr<double> seconds = ParseSeconds(c.text);
    ASSERT_THAT(seconds, IsOk()) << c.text;
    EXPECT_NEAR(*seconds, c.want, 1e-9) << c.text;
  }
}

TEST(ParseSecondsTest, RefusesTheRest) {
  for (const char* text : {"", "-1", "abc", "nan", "inf", ":", "1:", ":30",
                           "1:2:3:4", "1e3", "5s", "1;30"}) {
    EXPECT_THAT(ParseSeconds(text), HasStatus(kInvalid, "is no time")) << text;
  }
}

TEST(ParseSizeTest, TakesWidthAndHeight) {
  const struct {
    const char* text;
    int want_width;
    int want_height;
  } kCases[] = {
      {"854x480", 854, 480}, {"1x1", 1, 1}, {"16384x16384", 16384, 16384}};
  for (const auto& c : kCases) {
    const absl::StatusOr<PictureSize> size = ParseSize(c.text);
    ASSERT_THAT(size, IsOk()) << c.text;
    EXPECT_EQ(size->width, c.want_width);
    EXPECT_EQ(size->height, c.want_height);
  }
}

TEST(ParseSizeTest, RefusesWhatIsNoSize) {
  for (const char* text : {"", "x", "854", "854x", "x480", "854x480x2",
                           "854*480", "abc", "8.5x4", "99999999999x1"}) {
    EXPECT_THAT(ParseSize(text), HasStatus(kInvalid, "is no size")) << text;
  }
}

TEST(ParseSizeTest, RefusesWhatVp9DoesNotCode) {
  for (const char* text : {"0x0", "0x480", "854x0", "-2x2", "2x-2", "16385x1",
                           "1x16385", "99999x99999"}) {
    EXPECT_THAT(ParseSize(text), HasStatus(kInvalid, "is not between 1x1"))
        << text;
  }
}

TEST(ParseLevelsTest, TakesWholeNumbersInRange) {
  EXPECT_THAT(ParseLevels("63,0,20", 0, 63, "cq-level").value(),
              ElementsAre(63, 0, 20));
}

TEST(ParseLevelsTest, RefusesTheRestByName) {
  for (const char* text : {"", "64", "-1", "abc", "20,", "20,1.5", "20,64"}) {
    EXPECT_THAT(ParseLevels(text, 0, 63, "cq-level"),
                HasStatus(kInvalid,
                          "is no cq-level: wanted a whole number in "
                          "[0, 63]"))
        << text;
  }
  EXPECT_THAT(ParseLevels("20,30,20", 0, 63, "cq-level"),
              HasStatus(kInvalid, "names something twice"));
}

TEST(ParseNamesTest, TakesNamesInTheirOrder) {
  EXPECT_THAT(ParseNames("libvpx,feedback").value(),
              ElementsAre("libvpx", "feedback"));
}

TEST(ParseNamesTest, RefusesEmptyNamesAndRepetition) {
  for (const char* text : {"", ",", "libvpx,", ",libvpx", "a,,b"}) {
    EXPECT_THAT(ParseNames(text), HasStatus(kInvalid, "has an empty name"))
        << text;
  }
  EXPECT_THAT(ParseNames("a,b,a"), HasStatus(kInvalid, "twice"));
}

}  // namespace
}  // namespace cli
