#include "eval/summary_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/eval/sweep_example.h"

namespace eval {
namespace {

using Json = nlohmann::json;

Json JsonOf(const std::vector<SweepPoint>& points,
            const std::vector<FloorPoint>& floors = {}) {
  const RunInfo run = ExampleRun();
  return Json::parse(SummaryJson(Summarize(points, floors, run), run));
}

Json Example() {
  return JsonOf(Joined(ExampleCurve("a", "libvpx", 1),
                       ExampleCurve("a", "feedback", 0.9)),
                {{"a", 256, 300}});
}

TEST(SummaryJsonTest, HasTheBdRatesOfAController) {
  const Json feedback = Example()["controllers"]["feedback"];
  EXPECT_EQ(feedback["clips"], 1);
  for (const char* measure : {"psnr", "psnr_y", "psnr_global", "ssim"}) {
    const Json& bd_rate = feedback["bd_rate"][measure];
    EXPECT_NEAR(bd_rate["mean"].get<double>(), -10, 1e-9);
    EXPECT_NEAR(bd_rate["median"].get<double>(), -10, 1e-9);
    EXPECT_NEAR(bd_rate["worst"].get<double>(), -10, 1e-9);
    EXPECT_EQ(bd_rate["share_improved"], 1);
    EXPECT_EQ(bd_rate["clips"], 1);
    EXPECT_EQ(bd_rate["failed"], Json::array());
  }
}

TEST(SummaryJsonTest, HasTheOvershootOfAController) {
  const Json overshoot = Example()["controllers"]["feedback"]["overshoot"];
  EXPECT_EQ(overshoot["mean"], 0);
  EXPECT_EQ(overshoot["worst"], 0);
  EXPECT_EQ(overshoot["share_over_0_5pct"], 0);
  EXPECT_EQ(overshoot["share_over_2pct"], 0);
  EXPECT_NEAR(overshoot["mean_abs_deviation"].get<double>(), 0.1, 1e-9);
  EXPECT_EQ(overshoot["encodes"], 4);
  EXPECT_EQ(overshoot["infeasible"][0]["clip"], "a");
  EXPECT_EQ(overshoot["infeasible"][0]["target_kbps"], 256);
  EXPECT_EQ(overshoot["infeasible"][0]["floor_kbps"], 300);
}

TEST(SummaryJsonTest, TheAnchorHasNullForItsBdRate) {
  const Json json = Example();
  EXPECT_EQ(json["anchor"], "libvpx");
  EXPECT_TRUE(json["controllers"]["libvpx"]["bd_rate"].is_null());
  EXPECT_EQ(json["controllers"]["libvpx"]["overshoot"]["encodes"], 4);
}

TEST(SummaryJsonTest, AControllerWithoutTargetsHasNullForItsOvershoot) {
  const Json json = JsonOf(ExampleLadder("a", "libvpx-q", 1));
  EXPECT_TRUE(json["controllers"]["libvpx-q"]["overshoot"].is_null());
}

TEST(SummaryJsonTest, WithoutABdRateNumbersAreNullAndTheReasonIsThere) {
  const Json json = JsonOf(ExampleCurve("a", "feedback", 1));
  const Json& psnr = json["controllers"]["feedback"]["bd_rate"]["psnr"];
  EXPECT_TRUE(psnr["mean"].is_null());
  EXPECT_TRUE(psnr["share_improved"].is_null());
  EXPECT_EQ(psnr["failed"][0]["clip"], "a");
  EXPECT_EQ(psnr["failed"][0]["reason"],
            "the anchor curve has 0 distinct points; 4 are needed");
}

TEST(SummaryJsonTest, HasATableOfClips) {
  const Json clip = Example()["per_clip"][0];
  EXPECT_EQ(clip["clip"], "a");
  const Json& feedback = clip["controllers"]["feedback"];
  EXPECT_NEAR(feedback["bd_rate"]["psnr"]["percent"].get<double>(), -10, 1e-9);
  EXPECT_GT(feedback["bd_rate"]["psnr"]["anchor_share"], 0.8);
  EXPECT_GT(feedback["bd_psnr_db"], 0.6);
  EXPECT_EQ(feedback["overshoot"]["mean"], 0);
  EXPECT_TRUE(clip["controllers"]["libvpx"]["bd_rate"].is_null());
}

TEST(SummaryJsonTest, NamesWhatTheRunWasMadeWith) {
  const Json json = Example();
  EXPECT_EQ(json["settings"]["cpu-used"], "4");
  EXPECT_EQ(json["versions"]["libvpx"], "1.12.0");
  for (const char* key :
       {"revision", "machine", "date", "command_line", "targets"}) {
    EXPECT_NE(json[key], "") << key;
  }
}

TEST(SummaryJsonTest, TakesNamesThatAreNotUtf8) {
  const Json json = JsonOf(ExampleCurve("caf\xe9.mp4", "feedback", 1));
  EXPECT_EQ(json["per_clip"][0]["clip"], "caf\uFFFD.mp4");
}

}  // namespace
}  // namespace eval
