#include "eval/points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace eval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SweepPoint SomePoint() {
  return {.clip = "corgi, \"running\"\nfast",
          .controller = "feedback",
          .target_kbps = 512,
          .bitrate_kbps = 511.0 / 3,
          .psnr = 38.123456789012345,
          .psnr_y = 37.5,
          .psnr_global = 37.9,
          .ssim = 0.97,
          .seconds = 1.25,
          .frames = 150,
          .coded_frames = 160,
          .bytes = 6'000'000'000,
          .width = 854,
          .height = 480,
          .frame_rate = 30000.0 / 1001};
}

SweepPoint LadderPoint() {
  SweepPoint point = SomePoint();
  point.clip = "black";
  point.controller = "libvpx-q";
  point.target_kbps = 0;
  point.cq_level = 40;
  point.psnr = std::numeric_limits<double>::infinity();
  return point;
}

TEST(PointsTest, HeaderBeginsWithTheDocumentedColumns) {
  EXPECT_EQ(PointsHeader(),
            "clip,controller,target_kbps,bitrate_kbps,psnr,psnr_y,psnr_global,"
            "ssim,seconds,cq_level,bytes,frames,coded_frames,width,height,"
            "frame_rate\n");
}

TEST(PointsTest, ReadsBackWhatItWrote) {
  const std::string text = absl::StrCat(PointsHeader(), PointsRow(SomePoint()),
                                        PointsRow(LadderPoint()));
  const auto read = ParsePoints(text, "points.csv");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->points, ElementsAre(SomePoint(), LadderPoint()));
  EXPECT_EQ(read->complete_size, text.size());
}

TEST(PointsTest, ReadsAFileCutAnywhereUpToItsLastCompleteRow) {
  const std::string one = absl::StrCat(PointsHeader(), PointsRow(SomePoint()));
  const std::string two = absl::StrCat(one, PointsRow(SomePoint()));
  for (size_t size = one.size(); size < two.size(); ++size) {
    const auto read = ParsePoints(two.substr(0, size), "points.csv");
    ASSERT_TRUE(read.ok()) << read.status() << " at " << size;
    EXPECT_THAT(read->points, ElementsAre(SomePoint()));
    EXPECT_EQ(read->complete_size, one.size());
  }
}

TEST(PointsTest, AFileCutInItsHeaderHasNoPoints) {
  for (size_t size = 0; size < PointsHeader().size(); ++size) {
    const auto read = ParsePoints(PointsHeader().substr(0, size), "points.csv");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_THAT(read->points, IsEmpty());
    EXPECT_EQ(read->complete_size, 0u);
  }
}

TEST(PointsTest, NamesFileLineAndColumnOfWhatItCannotRead) {
  const std::string good =
      "c,feedback,512,500,38,37,37.5,0.9,1,,9,2,3,64,48,30";
  const struct {
    const char* row;
    const char* message;
  } kCases[] = {
      {"c,f,x,500,38,37,37.5,0.9,1,,9,2,3,64,48,30",
       "points.csv:3: target_kbps is 'x', not a number"},
      {"c,f,-1,500,38,37,37.5,0.9,1,,9,2,3,64,48,30",
       "points.csv:3: target_kbps is '-1', not a number of 0 or more"},
      {"c,f,512,500,nan,37,37.5,0.9,1,,9,2,3,64,48,30",
       "points.csv:3: psnr is 'nan', not a number"},
      {"c,f,512,500k,38,37,37.5,0.9,1,,9,2,3,64,48,30",
       "points.csv:3: bitrate_kbps is '500k', not a number"},
      {"c,f,512,500,38,37,37.5,0.9,1,,9.5,2,3,64,48,30",
       "points.csv:3: bytes is '9.5', not a whole number of 0 or more"},
      {"c,f,512,500,38,37,37.5,0.9,1,,9,3000000000,3,64,48,30",
       "points.csv:3: frames is '3000000000', not below 2^31"},
      {"c,f,512,500", "points.csv:3: 4 fields, not 16"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.row);
    const auto read = ParsePoints(
        absl::StrCat(PointsHeader(), good, "\n", c.row, "\n"), "points.csv");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(read.status().message(), c.message);
  }
}

TEST(PointsTest, RefusesOtherColumns) {
  const auto read = ParsePoints("clip,controller\n", "points.csv");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr("points.csv:1: the columns are clip,controller, not"));
}

TEST(PointsTest, ReadsAFile) {
  const std::string path = testing::TempDir() + "/points_test.csv";
  std::ofstream(path, std::ios::binary)
      << PointsHeader() << PointsRow(SomePoint());
  const auto read = ReadPoints(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->points, ElementsAre(SomePoint()));
}

TEST(PointsTest, TellsAMissingFileFromOneThatCannotBeRead) {
  EXPECT_EQ(ReadPoints(testing::TempDir() + "/none.csv").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadPoints(testing::TempDir()).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace eval
