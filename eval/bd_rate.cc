#include "eval/bd_rate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "eval/pchip.h"

namespace eval {
namespace {

constexpr size_t kMinPoints = 4;

// A checked curve, both columns strictly increasing.
struct RdCurve {
  std::vector<double> log_rate;  // [num_points], ln(kbps)
  std::vector<double> quality;   // [num_points], dB
};

struct RdCurves {
  RdCurve anchor;
  RdCurve test;
};

struct Interval {
  double low = 0;
  double high = 0;

  double length() const { return high - low; }
};

std::string Describe(const RdPoint& point) {
  return absl::StrFormat("(%.8g kbps, %.8g dB)", point.bitrate_kbps,
                         point.quality_db);
}

absl::Status CheckPoint(absl::string_view role, const RdPoint& point) {
  if (!std::isfinite(point.bitrate_kbps) || point.bitrate_kbps <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", role, " curve has the point ", Describe(point),
                     ": a bitrate must be finite and above 0"));
  }
  if (!std::isfinite(point.quality_db)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", role, " curve has the point ", Describe(point),
                     ": a quality must be finite"));
  }
  return absl::OkStatus();
}

// By rate, then quality, without exact repetitions.
std::vector<RdPoint> SortedDistinct(absl::Span<const RdPoint> points) {
  std::vector<RdPoint> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const RdPoint& a, const RdPoint& b) {
              return a.bitrate_kbps != b.bitrate_kbps
                         ? a.bitrate_kbps < b.bitrate_kbps
                         : a.quality_db < b.quality_db;
            });
  const auto equal = [](const RdPoint& a, const RdPoint& b) {
    return a.bitrate_kbps == b.bitrate_kbps && a.quality_db == b.quality_db;
  };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), equal), sorted.end());
  return sorted;
}

absl::StatusOr<RdCurve> MakeCurve(absl::string_view role,
                                  absl::Span<const RdPoint> points) {
  for (const RdPoint& point : points) {
    const absl::Status status = CheckPoint(role, point);
    if (!status.ok()) return status;
  }
  const std::vector<RdPoint> sorted = SortedDistinct(points);
  if (sorted.size() < kMinPoints) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", role, " curve has ", sorted.size(),
                     " distinct points; ", kMinPoints, " are needed"));
  }
  RdCurve curve;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const double log_rate = std::log(sorted[i].bitrate_kbps);
    if (i > 0 && (log_rate <= curve.log_rate.back() ||
                  sorted[i].quality_db <= curve.quality.back())) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the ", role, " curve is not monotone: quality does not rise from ",
          Describe(sorted[i - 1]), " to ", Describe(sorted[i])));
    }
    curve.log_rate.push_back(log_rate);
    curve.quality.push_back(sorted[i].quality_db);
  }
  return curve;
}

absl::StatusOr<RdCurves> MakeCurves(absl::Span<const RdPoint> anchor,
                                    absl::Span<const RdPoint> test) {
  absl::StatusOr<RdCurve> anchor_curve = MakeCurve("anchor", anchor);
  if (!anchor_curve.ok()) return anchor_curve.status();
  absl::StatusOr<RdCurve> test_curve = MakeCurve("test", test);
  if (!test_curve.ok()) return test_curve.status();
  return RdCurves{*std::move(anchor_curve), *std::move(test_curve)};
}

Interval Range(const std::vector<double>& ascending) {
  return {ascending.front(), ascending.back()};
}

// Empty (length() <= 0) if they have no interval in common.
Interval Intersection(const Interval& a, const Interval& b) {
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

CurveOverlap OverlapShares(const Interval& common, const Interval& anchor,
                           const Interval& test) {
  return {common.length() / anchor.length(), common.length() / test.length()};
}

absl::Status NoOverlap(absl::string_view what, absl::string_view unit,
                       const Interval& anchor, const Interval& test) {
  return absl::OutOfRangeError(absl::StrFormat(
      "the curves do not overlap in %s: anchor %.8g to %.8g %s, test %.8g to "
      "%.8g %s",
      what, anchor.low, anchor.high, unit, test.low, test.high, unit));
}

// Mean over `common` of y_test(x) - y_anchor(x).
double MeanDifference(const Pchip& anchor, const Pchip& test,
                      const Interval& common) {
  return (test.Integral(common.low, common.high) -
          anchor.Integral(common.low, common.high)) /
         common.length();
}

}  // namespace

absl::StatusOr<BdRateResult> BdRate(absl::Span<const RdPoint> anchor,
                                    absl::Span<const RdPoint> test) {
  const absl::StatusOr<RdCurves> curves = MakeCurves(anchor, test);
  if (!curves.ok()) return curves.status();
  const auto& [a, t] = *curves;
  const Interval of_anchor = Range(a.quality);
  const Interval of_test = Range(t.quality);
  const Interval common = Intersection(of_anchor, of_test);
  if (common.length() <= 0) {
    return NoOverlap("quality", "dB", of_anchor, of_test);
  }
  const double mean_log_ratio = MeanDifference(
      Pchip(a.quality, a.log_rate), Pchip(t.quality, t.log_rate), common);
  return BdRateResult{.percent = 100 * std::expm1(mean_log_ratio),
                      .overlap = OverlapShares(common, of_anchor, of_test)};
}

absl::StatusOr<BdPsnrResult> BdPsnr(absl::Span<const RdPoint> anchor,
                                    absl::Span<const RdPoint> test) {
  const absl::StatusOr<RdCurves> curves = MakeCurves(anchor, test);
  if (!curves.ok()) return curves.status();
  const auto& [a, t] = *curves;
  const Interval of_anchor = Range(a.log_rate);
  const Interval of_test = Range(t.log_rate);
  const Interval common = Intersection(of_anchor, of_test);
  if (common.length() <= 0) {
    return NoOverlap("bitrate", "kbps",
                     {std::exp(of_anchor.low), std::exp(of_anchor.high)},
                     {std::exp(of_test.low), std::exp(of_test.high)});
  }
  return BdPsnrResult{
      .db = MeanDifference(Pchip(a.log_rate, a.quality),
                           Pchip(t.log_rate, t.quality), common),
      .overlap = OverlapShares(common, of_anchor, of_test)};
}

}  // namespace eval
