#include "eval/summary.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/encode_result.h"

namespace eval {
namespace {

using Points = std::vector<SweepPoint>;
// Controller -> clip -> points, each by target and cq level.
using PointsByClip = std::map<std::string, Points>;
using PointsByController = std::map<std::string, PointsByClip>;
// By clip and target.
using Floors = std::map<std::pair<std::string, double>, FloorPoint>;

// The encodes of one controller that had a target.
struct TargetedEncodes {
  std::vector<double> ratios;  // Bitrate / target of the feasible ones.
  std::vector<InfeasibleEncode> infeasible;
};

PointsByController Group(absl::Span<const SweepPoint> points) {
  std::map<std::tuple<std::string, std::string, double, int>, SweepPoint> last;
  for (const SweepPoint& point : points) {
    last.insert_or_assign({point.controller, point.clip, point.target_kbps,
                           point.cq_level.value_or(-1)},
                          point);
  }
  PointsByController groups;
  for (const auto& [key, point] : last) {
    groups[point.controller][point.clip].push_back(point);
  }
  return groups;
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

// The middle value, or the mean of the two in the middle.
double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return (values[half - 1] + values[half]) / 2;
}

// The share of `values` that `is_counted`.
template <typename Predicate>
double Share(const std::vector<double>& values, Predicate is_counted) {
  return static_cast<double>(absl::c_count_if(values, is_counted)) /
         static_cast<double>(values.size());
}

std::optional<BdRateStatistics> Statistics(
    const std::vector<double>& percents) {
  if (percents.empty()) return std::nullopt;
  return BdRateStatistics{
      .mean = Mean(percents),
      .median = Median(percents),
      .worst = *absl::c_max_element(percents),
      .share_improved = Share(percents, [](double p) { return p < 0; })};
}

// `ratios` are bitrate / target.
std::optional<TargetStatistics> TargetsMissed(
    const std::vector<double>& ratios) {
  if (ratios.empty()) return std::nullopt;
  std::vector<double> overshoots;
  std::vector<double> deviations;
  for (const double ratio : ratios) {
    overshoots.push_back(encoder_bridge::Overshoot(ratio, 1));
    deviations.push_back(std::abs(ratio - 1));
  }
  return TargetStatistics{
      .mean = Mean(overshoots),
      .worst = *absl::c_max_element(overshoots),
      .share_over_0_5pct =
          Share(overshoots, [](double over) { return over > 0.005; }),
      .share_over_2pct =
          Share(overshoots, [](double over) { return over > 0.02; }),
      .mean_abs_deviation = Mean(deviations)};
}

std::vector<RdPoint> Curve(const Points& points, QualityMeasure measure) {
  std::vector<RdPoint> curve;
  for (const SweepPoint& point : points) {
    curve.push_back({.bitrate_kbps = point.bitrate_kbps,
                     .quality_db = QualityDb(point, measure)});
  }
  return curve;
}

ClipBdRate CompareClip(const Points& anchor, const Points& test,
                       QualityMeasure measure) {
  const absl::StatusOr<BdRateResult> result =
      BdRate(Curve(anchor, measure), Curve(test, measure));
  if (!result.ok()) {
    return {.percent = std::nullopt,
            .overlap = {},
            .failure = std::string(result.status().message())};
  }
  return {
      .percent = result->percent, .overlap = result->overlap, .failure = ""};
}

PerMeasure<ClipBdRate> CompareClip(const Points& anchor, const Points& test) {
  PerMeasure<ClipBdRate> bd_rate;
  for (const QualityMeasure measure : kQualityMeasures) {
    bd_rate[IndexOf(measure)] = CompareClip(anchor, test, measure);
  }
  return bd_rate;
}

std::optional<double> BdPsnrDb(const Points& anchor, const Points& test) {
  const absl::StatusOr<BdPsnrResult> result = BdPsnr(
      Curve(anchor, QualityMeasure::kPsnr), Curve(test, QualityMeasure::kPsnr));
  if (!result.ok()) return std::nullopt;
  return result->db;
}

// Over clips; REQUIRES: every clip has a comparison.
BdRateSummary OverClips(const std::vector<ClipSummary>& clips,
                        QualityMeasure measure) {
  BdRateSummary summary;
  std::vector<double> percents;
  for (const ClipSummary& clip : clips) {
    const ClipBdRate& bd_rate = (*clip.bd_rate)[IndexOf(measure)];
    if (bd_rate.percent.has_value()) {
      percents.push_back(*bd_rate.percent);
    } else {
      summary.failed.push_back({clip.clip, bd_rate.failure});
    }
  }
  summary.clips = static_cast<int>(percents.size());
  summary.statistics = Statistics(percents);
  return summary;
}

TargetedEncodes WithTarget(const Points& points, const Floors& floors) {
  TargetedEncodes encodes;
  for (const SweepPoint& point : points) {
    if (point.target_kbps <= 0) continue;
    const auto floor = floors.find({point.clip, point.target_kbps});
    if (floor != floors.end() && floor->second.is_infeasible()) {
      encodes.infeasible.push_back({.clip = point.clip,
                                    .target_kbps = point.target_kbps,
                                    .floor_kbps = floor->second.floor_kbps,
                                    .bitrate_kbps = point.bitrate_kbps});
    } else {
      encodes.ratios.push_back(point.bitrate_kbps / point.target_kbps);
    }
  }
  return encodes;
}

bool HasTargets(const PointsByClip& clips) {
  return absl::c_any_of(clips, [](const auto& clip) {
    return absl::c_any_of(
        clip.second, [](const SweepPoint& p) { return p.target_kbps > 0; });
  });
}

std::optional<OvershootSummary> SummarizeTargets(const PointsByClip& clips,
                                                 const Floors& floors) {
  if (!HasTargets(clips)) return std::nullopt;
  OvershootSummary summary;
  std::vector<double> ratios;
  for (const auto& [clip, points] : clips) {
    const TargetedEncodes encodes = WithTarget(points, floors);
    absl::c_copy(encodes.ratios, std::back_inserter(ratios));
    absl::c_copy(encodes.infeasible, std::back_inserter(summary.infeasible));
  }
  summary.encodes = static_cast<int>(ratios.size());
  summary.statistics = TargetsMissed(ratios);
  return summary;
}

// `anchor` is null for the anchor itself.
ControllerSummary SummarizeController(const std::string& name,
                                      const PointsByClip& clips,
                                      const PointsByClip* anchor,
                                      const Floors& floors) {
  ControllerSummary summary;
  summary.name = name;
  summary.clips = static_cast<int>(clips.size());
  summary.overshoot = SummarizeTargets(clips, floors);
  for (const auto& [clip, points] : clips) {
    ClipSummary& of_clip = summary.per_clip.emplace_back();
    of_clip.clip = clip;
    of_clip.targets = TargetsMissed(WithTarget(points, floors).ratios);
    if (anchor == nullptr) continue;
    const auto found = anchor->find(clip);
    const Points of_anchor = found == anchor->end() ? Points() : found->second;
    of_clip.bd_rate = CompareClip(of_anchor, points);
    of_clip.bd_psnr_db = BdPsnrDb(of_anchor, points);
  }
  if (anchor == nullptr) return summary;
  summary.bd_rate.emplace();
  for (const QualityMeasure measure : kQualityMeasures) {
    (*summary.bd_rate)[IndexOf(measure)] = OverClips(summary.per_clip, measure);
  }
  return summary;
}

// The names in `groups`: anchor, those of `run`, the others.
std::vector<std::string> Order(const PointsByController& groups,
                               const RunInfo& run) {
  std::vector<std::string> wanted = {run.anchor};
  wanted.insert(wanted.end(), run.controllers.begin(), run.controllers.end());
  for (const auto& [name, clips] : groups) wanted.push_back(name);
  std::vector<std::string> order;
  for (const std::string& name : wanted) {
    if (groups.contains(name) && !absl::c_linear_search(order, name)) {
      order.push_back(name);
    }
  }
  return order;
}

}  // namespace

Summary Summarize(absl::Span<const SweepPoint> points,
                  absl::Span<const FloorPoint> floors, const RunInfo& run) {
  const PointsByController groups = Group(points);
  Floors floor_of;
  for (const FloorPoint& floor : floors) {
    floor_of[{floor.clip, floor.target_kbps}] = floor;
  }
  const auto found = groups.find(run.anchor);
  const PointsByClip anchor =
      found == groups.end() ? PointsByClip() : found->second;
  Summary summary{.anchor = run.anchor, .controllers = {}};
  for (const std::string& name : Order(groups, run)) {
    summary.controllers.push_back(
        SummarizeController(name, groups.at(name),
                            name == run.anchor ? nullptr : &anchor, floor_of));
  }
  return summary;
}

}  // namespace eval
