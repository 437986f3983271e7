#include "eval/bd_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace eval {
namespace {

using ::testing::HasSubstr;
using Curve = std::vector<RdPoint>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const Curve& SomeCurve() {
  static const auto& curve = *new Curve{
      {100, 30.1}, {150, 32.0}, {240, 33.7}, {400, 35.9}, {800, 37.2}};
  return curve;
}

Curve WithRateTimes(double factor, Curve curve) {
  for (RdPoint& point : curve) point.bitrate_kbps *= factor;
  return curve;
}

Curve WithQualityPlus(double db, Curve curve) {
  for (RdPoint& point : curve) point.quality_db += db;
  return curve;
}

// Quality rises by `db_per_octave` when the bitrate doubles.
Curve Straight(double db_per_octave, std::vector<double> rates) {
  Curve curve;
  for (const double rate : rates) {
    curve.push_back({rate, 30 + db_per_octave * std::log2(rate / 100)});
  }
  return curve;
}

TEST(BdRateTest, OfACurveWithItselfIsZero) {
  EXPECT_EQ(BdRate(SomeCurve(), SomeCurve())->percent, 0);
  EXPECT_EQ(BdPsnr(SomeCurve(), SomeCurve())->db, 0);
}

TEST(BdRateTest, OfTheSameCurveAtNineTenthsOfTheRateIsMinusTenPercent) {
  const Curve test = WithRateTimes(0.9, SomeCurve());
  EXPECT_NEAR(BdRate(SomeCurve(), test)->percent, -10, 1e-10);
  EXPECT_NEAR(BdRate(test, SomeCurve())->percent, 100 / 0.9 - 100, 1e-10);
}

TEST(BdRateTest, BdPsnrOfTheSameCurveHalfADecibelHigherIsThat) {
  const Curve test = WithQualityPlus(0.5, SomeCurve());
  EXPECT_NEAR(BdPsnr(SomeCurve(), test)->db, 0.5, 1e-12);
  EXPECT_NEAR(BdPsnr(test, SomeCurve())->db, -0.5, 1e-12);
}

// Over 30 to 33 dB the anchor needs 100 * 2^(q/3), the test 100 * 2^(q/4), with
// q from 0 to 3: the mean of log2 of the ratio is mean(q/4 - q/3) = -1/8.
TEST(BdRateTest, OfStraightCurvesIsThatOfTheirClosedForm) {
  const Curve anchor = Straight(3, {100, 120, 150, 200});
  const Curve test = Straight(4, {100, 130, 160, 220});
  EXPECT_NEAR(BdRate(anchor, test)->percent, 100 * (std::exp2(-0.125) - 1),
              1e-10);
}

// Over one octave the anchor gives 30 + 3 o, the test 30 + 4 o dB.
TEST(BdRateTest, BdPsnrOfStraightCurvesIsThatOfTheirClosedForm) {
  const Curve anchor = Straight(3, {100, 120, 150, 200});
  const Curve test = Straight(4, {100, 130, 160, 220});
  EXPECT_NEAR(BdPsnr(anchor, test)->db, 0.5, 1e-12);
}

TEST(BdRateTest, TakesPointsInAnyOrder) {
  Curve test = WithRateTimes(0.9, SomeCurve());
  std::swap(test[0], test[3]);
  std::swap(test[1], test[4]);
  EXPECT_NEAR(BdRate(SomeCurve(), test)->percent, -10, 1e-10);
}

TEST(BdRateTest, CountsARepeatedPointOnce) {
  Curve test = WithRateTimes(0.9, SomeCurve());
  test.push_back(test.front());
  EXPECT_NEAR(BdRate(SomeCurve(), test)->percent, -10, 1e-10);
}

TEST(BdRateTest, TellsTheShareOfEachCurveItRestsOn) {
  const Curve anchor = Straight(1, {100, 200, 400, 800, 1600});  // 30..34 dB
  const Curve test = Straight(1, {800, 1600, 3200, 6400, 12800, 25600, 51200,
                                  102400, 204800});  // 33..41
  const CurveOverlap by_quality = BdRate(anchor, test)->overlap;
  EXPECT_NEAR(by_quality.anchor_share, 1.0 / 4, 1e-12);
  EXPECT_NEAR(by_quality.test_share, 1.0 / 8, 1e-12);
  const CurveOverlap by_rate = BdPsnr(anchor, test)->overlap;
  EXPECT_NEAR(by_rate.anchor_share, 1.0 / 4, 1e-12);
  EXPECT_NEAR(by_rate.test_share, 1.0 / 8, 1e-12);
}

TEST(BdRateTest, RefusesCurvesItCannotCompare) {
  const Curve& good = SomeCurve();
  const struct {
    const char* name;
    Curve anchor;
    Curve test;
    absl::StatusCode code;
    const char* message;
  } kCases[] = {
      {"no points",
       {},
       good,
       absl::StatusCode::kInvalidArgument,
       "the anchor curve has 0 distinct points; 4 are needed"},
      {"three points",
       good,
       {{1, 1}, {2, 2}, {3, 3}},
       absl::StatusCode::kInvalidArgument,
       "the test curve has 3 distinct"},
      {"four points, two alike",
       good,
       {{1, 1}, {2, 2}, {2, 2}, {3, 3}},
       absl::StatusCode::kInvalidArgument,
       "the test curve has 3 distinct"},
      {"bitrate 0",
       {{0, 1}, {2, 2}, {3, 3}, {4, 4}},
       good,
       absl::StatusCode::kInvalidArgument,
       "finite and above 0"},
      {"infinite bitrate",
       {{1, 1}, {2, 2}, {3, 3}, {kInfinity, 4}},
       good,
       absl::StatusCode::kInvalidArgument,
       "finite and above 0"},
      {"bitrate not a number",
       {{NAN, 1}, {2, 2}, {3, 3}, {4, 4}},
       good,
       absl::StatusCode::kInvalidArgument,
       "finite and above 0"},
      {"infinite quality",
       good,
       {{1, 1}, {2, 2}, {3, 3}, {4, kInfinity}},
       absl::StatusCode::kInvalidArgument,
       "quality must be finite"},
      {"quality falls",
       good,
       {{100, 1}, {200, 3}, {300, 2}, {400, 4}},
       absl::StatusCode::kFailedPrecondition,
       "the test curve is not monotone: quality does not rise from (200 kbps, "
       "3 dB) to (300 kbps, 2 dB)"},
      {"quality stays",
       {{1, 1}, {2, 2}, {3, 2}, {4, 4}},
       good,
       absl::StatusCode::kFailedPrecondition,
       "anchor curve is not monotone"},
      {"two qualities at one bitrate",
       good,
       {{1, 1}, {2, 2}, {2, 3}, {4, 4}},
       absl::StatusCode::kFailedPrecondition,
       "test curve is not monotone"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto bd_rate = BdRate(c.anchor, c.test);
    EXPECT_EQ(bd_rate.status().code(), c.code);
    EXPECT_THAT(bd_rate.status().message(), HasSubstr(c.message));
    EXPECT_EQ(BdPsnr(c.anchor, c.test).status(), bd_rate.status());
  }
}

TEST(BdRateTest, NamesTheIntervalsOfCurvesThatDoNotOverlap) {
  const Curve anchor = {{1, 1}, {2, 2}, {3, 3}, {4, 4}};
  const Curve above = {{1, 14}, {2, 15}, {3, 16}, {4, 17}};
  const absl::Status status = BdRate(anchor, above).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(status.message(),
            "the curves do not overlap in quality: anchor 1 to 4 dB, test 14 "
            "to 17 dB");
  EXPECT_TRUE(BdPsnr(anchor, above).ok());
}

TEST(BdRateTest, NamesTheBitratesOfCurvesThatDoNotOverlap) {
  const Curve anchor = {{1, 1}, {2, 2}, {3, 3}, {4, 4}};
  const absl::Status status =
      BdPsnr(anchor, WithRateTimes(10, anchor)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(status.message(),
            "the curves do not overlap in bitrate: anchor 1 to 4 kbps, test 10 "
            "to 40 kbps");
}

TEST(BdRateTest, CurvesThatOnlyTouchDoNotOverlap) {
  const Curve anchor = {{1, 1}, {2, 2}, {3, 3}, {4, 4}};
  EXPECT_EQ(BdRate(anchor, WithQualityPlus(3, anchor)).status().code(),
            absl::StatusCode::kOutOfRange);
}

Curve ToCurve(const nlohmann::json& points) {
  Curve curve;
  for (const auto& point : points) curve.push_back({point[0], point[1]});
  return curve;
}

// bd_rate_golden.json: made by make_bd_rate_golden.py from real encodes.
TEST(BdRateTest, AgreesWithSciPyOnRealCurves) {
  const auto golden = nlohmann::json::parse(std::ifstream(GOLDEN_FILE));
  ASSERT_GE(golden["pairs"].size(), 20u);
  for (const auto& pair : golden["pairs"]) {
    SCOPED_TRACE(pair["name"]);
    const Curve anchor = ToCurve(pair["anchor"]);
    const Curve test = ToCurve(pair["test"]);
    EXPECT_NEAR(BdRate(anchor, test)->percent,
                pair["bd_rate_percent"].get<double>(), 1e-6);
    EXPECT_NEAR(BdPsnr(anchor, test)->db, pair["bd_psnr_db"].get<double>(),
                1e-6);
  }
}

}  // namespace
}  // namespace eval
