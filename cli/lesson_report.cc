#include "cli/lesson_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eval/bd_rate.h"

namespace cli {
namespace {

using nlohmann::json;

constexpr char kAnchor[] = "vbr";
constexpr char kBest[] = "best";

struct Point {
  eval::RdPoint rd;
  double deviation = 0;  // |bitrate / target - 1|
};

// By what, clip and target: the nearest to the target.
using Points =
    std::map<std::string, std::map<std::string, std::map<double, Point>>>;

void Keep(const std::string& what, const std::string& clip, double target,
          const Point& point, Points& points) {
  auto [entry, is_new] = points[what][clip].emplace(target, point);
  if (!is_new && point.deviation < entry->second.deviation) {
    entry->second = point;
  }
}

void Collect(const json& report, Points& points) {
  const auto clip = report.at("clip").get<std::string>();
  const auto target = report.at("target_kbps").get<double>();
  const json& encodes = report.at("encodes");
  for (const json& encode : encodes) {
    const Point point = {
        .rd = {.bitrate_kbps = encode.at("bitrate_kbps").get<double>(),
               .quality_db = encode.at("psnr_db").get<double>()},
        .deviation =
            std::abs(encode.at("bitrate_kbps").get<double>() / target - 1)};
    Keep(encode.at("what").get<std::string>(), clip, target, point, points);
    if (&encode == &encodes.back()) Keep(kBest, clip, target, point, points);
  }
}

std::vector<eval::RdPoint> CurveOf(const std::map<double, Point>& points) {
  std::vector<eval::RdPoint> curve;
  for (const auto& [target, point] : points) curve.push_back(point.rd);
  return curve;
}

std::string Row(const std::string& what,
                const std::map<std::string, std::map<double, Point>>& clips,
                const Points& points) {
  std::vector<double> rates;
  const auto anchors = points.find(kAnchor);
  for (const auto& [clip, targets] : clips) {
    if (anchors == points.end()) break;
    const auto anchor = anchors->second.find(clip);
    if (anchor == anchors->second.end()) continue;
    const auto rate = eval::BdRate(CurveOf(anchor->second), CurveOf(targets));
    if (rate.ok()) rates.push_back(rate->percent);
  }
  if (rates.empty()) return "";
  std::sort(rates.begin(), rates.end());
  double sum = 0;
  for (const double rate : rates) sum += rate;
  const auto improved =
      std::lower_bound(rates.begin(), rates.end(), 0.0) - rates.begin();
  return absl::StrFormat(
      "%-14s %5d %+8.1f %% %+8.1f %% %7.0f %% %+8.1f %%\n", what, rates.size(),
      sum / static_cast<double>(rates.size()), rates[rates.size() / 2],
      100.0 * static_cast<double>(improved) / static_cast<double>(rates.size()),
      rates.back());
}

}  // namespace

std::string LessonReportJson(const selfplay::Lesson& lesson,
                             const std::string& clip) {
  json report = {{"clip", clip},
                 {"encodes_spent", lesson.encodes_spent},
                 {"encodes", json::array()}};
  double seconds = 0;
  for (const selfplay::TaughtEncode& encode : lesson.encodes) {
    const double target = encode.encode.sequence.target_bitrate_kbps;
    report["target_kbps"] = target;
    report["encodes"].push_back(
        {{"what", encode.what},
         {"bitrate_kbps", encode.encode.outcome.bits_fraction * target},
         {"psnr_db", encode.outcome.quality}});
    seconds += encode.seconds;
  }
  report["seconds"] = seconds;
  return report.dump();
}

absl::StatusOr<std::string> LessonSummary(
    const std::vector<std::string>& reports) {
  Points points;
  double spent = 0;
  double seconds = 0;
  for (const std::string& text : reports) {
    const json report = json::parse(text, nullptr, /*allow_exceptions=*/false);
    try {
      Collect(report, points);
      spent += report.at("encodes_spent").get<double>();
      seconds += report.at("seconds").get<double>();
    } catch (const json::exception& error) {
      return absl::DataLossError(
          absl::StrCat("the store has a damaged report: ", error.what()));
    }
  }
  const auto count = static_cast<double>(std::max<size_t>(1, reports.size()));
  std::string summary =
      absl::StrFormat("searched: %d, %.0f encodes and %.0f s each\n",
                      reports.size(), spent / count, seconds / count);
  std::string rows;
  for (const auto& [what, clips] : points) {
    if (what != kAnchor) rows += Row(what, clips, points);
  }
  if (rows.empty()) return summary;
  return summary +
         "BD-rate, PSNR  clips       mean     median   improved      worst\n" +
         rows;
}

}  // namespace cli
