// What `evaluate` writes and says when all is well.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Row = std::vector<std::string>;

// The cells of a CSV file without quotes.
std::vector<Row> ReadCsv(const std::string& path) {
  std::vector<Row> rows;
  for (const std::string& line : LinesWith("", ReadFile(path))) {
    std::istringstream stream(line);
    rows.emplace_back();
    for (std::string cell; std::getline(stream, cell, ',');) {
      rows.back().push_back(cell);
    }
  }
  return rows;
}

class EvaluateTest : public testing::Test {
 protected:
  EvaluateTest() {
    fs::create_directory(folder_.PathOf("clips"));
    folder_.MakeVideo("clips/a.mp4", "64x48", "25", 20);
    folder_.Make("clips/b.mp4", {"-f", "lavfi", "-i", "mandelbrot=s=80x48:r=25",
                                 "-frames:v", "20"});
  }

  // Two clips, three controllers, four targets or levels.
  ProgramResult Evaluate(const std::string& out, const std::string& jobs,
                         const std::vector<std::string>& flags = {}) const {
    std::vector<std::string> arguments = {
        "evaluate",
        "--clips",
        folder_.PathOf("clips"),
        "--controllers=libvpx,feedback,libvpx-q",
        "--targets=20k,40k,80k,160k",
        "--cq-levels=20,35,50,63",
        "--cpu-used=8",
        "--jobs",
        jobs,
        "--out",
        folder_.PathOf(out)};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProgramResult result = MuzeroRc(arguments);
    EXPECT_THAT(result, Succeeds());
    return result;
  }

  // What was measured, without what depends on the clock and the order.
  std::set<Row> Measured(const std::string& out) const {
    std::vector<Row> rows = ReadCsv(folder_.PathOf(out + "/points.csv"));
    for (Row& row : rows) row.at(8) = "seconds";
    return {rows.begin(), rows.end()};
  }

  json SummaryIn(const std::string& out) const {
    return json::parse(ReadFile(folder_.PathOf(out + "/summary.json")));
  }

  const MediaFolder folder_;
};

TEST_F(EvaluateTest, WritesARowForEveryEncode) {
  Evaluate("out", "2");
  const std::vector<Row> rows = ReadCsv(folder_.PathOf("out/points.csv"));
  ASSERT_THAT(rows, SizeIs(1 + 2 * 3 * 4));
  EXPECT_THAT(rows[0],
              ElementsAre("clip", "controller", "target_kbps", "bitrate_kbps",
                          "psnr", "psnr_y", "psnr_global", "ssim", "seconds",
                          "cq_level", "bytes", "frames", "coded_frames",
                          "width", "height", "frame_rate"));
  for (size_t i = 1; i < rows.size(); ++i) {
    ASSERT_THAT(rows[i], SizeIs(16));
    EXPECT_EQ(rows[i][11], "20");
    EXPECT_GT(std::stod(rows[i][4]), 20) << "dB";
    EXPECT_THAT(std::stod(rows[i][7]), AllOf(Ge(0.5), Le(1))) << "SSIM";
  }
}

TEST_F(EvaluateTest, SummarisesBdRates) {
  Evaluate("out", "2");
  const json summary = SummaryIn("out");
  EXPECT_EQ(summary["anchor"], "libvpx");
  const json& feedback = summary["controllers"]["feedback"];
  EXPECT_EQ(feedback["clips"], 2);
  for (const char* measure : {"psnr", "psnr_y", "psnr_global", "ssim"}) {
    for (const char* field : {"mean", "median", "worst", "share_improved"}) {
      EXPECT_TRUE(feedback["bd_rate"][measure].contains(field)) << field;
    }
  }
}

TEST_F(EvaluateTest, SummarisesOvershootsOfWhatHasTargets) {
  Evaluate("out", "2");
  const json controllers = SummaryIn("out")["controllers"];
  for (const char* controller : {"libvpx", "feedback"}) {
    for (const char* field : {"mean", "share_over_0_5pct", "share_over_2pct",
                              "mean_abs_deviation"}) {
      EXPECT_TRUE(controllers[controller]["overshoot"][field].is_number())
          << controller << " " << field;
    }
  }
  EXPECT_TRUE(controllers["libvpx-q"]["overshoot"].is_null());
}

TEST_F(EvaluateTest, SummarisesWhatTheRunWasMadeWith) {
  Evaluate("out", "2");
  const json summary = SummaryIn("out");
  for (const char* field : {"settings", "revision", "versions", "per_clip"}) {
    EXPECT_FALSE(summary[field].empty()) << field;
  }
  EXPECT_EQ(summary["settings"]["cpu-used"], "8");
}

TEST_F(EvaluateTest, MakesAReportThatFetchesNothing) {
  Evaluate("out", "2");
  const std::string page = ReadFile(folder_.PathOf("out/report.html"));
  EXPECT_THAT(page, HasSubstr("a.mp4"));
  for (const char* fetch : {"src=\"http", "href=\"http", "src=\"//",
                            "<script src", "<link", "@import", "fetch("}) {
    EXPECT_THAT(page.find(fetch), std::string::npos) << fetch;
  }
}

TEST_F(EvaluateTest, PrintsTheVerdictAndWhereTheReportIs) {
  const ProgramResult result = Evaluate("out", "2");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr("feedback"));
  EXPECT_THAT(result.out, HasSubstr("libvpx-q"));
  EXPECT_THAT(result.out,
              HasSubstr("report: " + folder_.PathOf("out/report.html\n")));
}

TEST_F(EvaluateTest, PrintsTheSummaryAsJson) {
  const ProgramResult result = Evaluate("out", "2", {"--json"});
  EXPECT_EQ(json::parse(result.out), SummaryIn("out"));
}

TEST_F(EvaluateTest, MeasuresTheSameWithAnyNumberOfJobs) {
  Evaluate("one", "1");
  Evaluate("two", "2");
  EXPECT_EQ(Measured("one"), Measured("two"));
  EXPECT_EQ(SummaryIn("one")["controllers"], SummaryIn("two")["controllers"]);
  EXPECT_EQ(SummaryIn("one")["per_clip"], SummaryIn("two")["per_clip"]);
}

TEST_F(EvaluateTest, LeavesNothingButItsFiles) {
  Evaluate("out", "2");
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_.PathOf("out"))) {
    names.insert(entry.path().filename());
  }
  EXPECT_THAT(names, ElementsAre("floors.csv", "frames.jsonl", "points.csv",
                                 "report.html", "summary.json", "summary.md",
                                 "sweep.json"));
}

TEST_F(EvaluateTest, TakesOnlyTheClipsOfASplit) {
  fs::create_directory(folder_.PathOf("clips/test"));
  fs::rename(folder_.PathOf("clips/b.mp4"), folder_.PathOf("clips/test/b.mp4"));
  Evaluate("out", "2", {"--split", "test"});
  const json clips = SummaryIn("out")["per_clip"];
  ASSERT_THAT(clips, SizeIs(1));
  EXPECT_EQ(clips[0]["clip"], "test/b.mp4");
}

}  // namespace
}  // namespace cli
