#include "eval/summary_json.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace eval {
namespace {

using Json = nlohmann::ordered_json;

std::string Key(QualityMeasure measure) { return std::string(Name(measure)); }

Json OrNull(const std::optional<double>& value) {
  return value.has_value() ? Json(*value) : Json(nullptr);
}

Json ToJson(const BdRateSummary& bd_rate) {
  Json json = {{"clips", bd_rate.clips},
               {"mean", nullptr},
               {"median", nullptr},
               {"worst", nullptr},
               {"share_improved", nullptr}};
  if (bd_rate.statistics.has_value()) {
    json["mean"] = bd_rate.statistics->mean;
    json["median"] = bd_rate.statistics->median;
    json["worst"] = bd_rate.statistics->worst;
    json["share_improved"] = bd_rate.statistics->share_improved;
  }
  json["failed"] = Json::array();
  for (const ClipFailure& failure : bd_rate.failed) {
    json["failed"].push_back(
        {{"clip", failure.clip}, {"reason", failure.reason}});
  }
  return json;
}

Json ToJson(const std::optional<TargetStatistics>& targets) {
  if (!targets.has_value()) {
    return {{"mean", nullptr},
            {"worst", nullptr},
            {"share_over_0_5pct", nullptr},
            {"share_over_2pct", nullptr},
            {"mean_abs_deviation", nullptr}};
  }
  return {{"mean", targets->mean},
          {"worst", targets->worst},
          {"share_over_0_5pct", targets->share_over_0_5pct},
          {"share_over_2pct", targets->share_over_2pct},
          {"mean_abs_deviation", targets->mean_abs_deviation}};
}

Json ToJson(const OvershootSummary& overshoot) {
  Json json = ToJson(overshoot.statistics);
  json["encodes"] = overshoot.encodes;
  json["infeasible"] = Json::array();
  for (const InfeasibleEncode& encode : overshoot.infeasible) {
    json["infeasible"].push_back({{"clip", encode.clip},
                                  {"target_kbps", encode.target_kbps},
                                  {"floor_kbps", encode.floor_kbps},
                                  {"bitrate_kbps", encode.bitrate_kbps}});
  }
  return json;
}

Json ToJson(const ControllerSummary& controller) {
  Json json = {{"clips", controller.clips},
               {"bd_rate", nullptr},
               {"overshoot", nullptr}};
  if (controller.bd_rate.has_value()) {
    json["bd_rate"] = Json::object();
    for (const QualityMeasure measure : kQualityMeasures) {
      json["bd_rate"][Key(measure)] =
          ToJson((*controller.bd_rate)[IndexOf(measure)]);
    }
  }
  if (controller.overshoot.has_value()) {
    json["overshoot"] = ToJson(*controller.overshoot);
  }
  return json;
}

Json ToJson(const ClipBdRate& bd_rate) {
  if (!bd_rate.percent.has_value()) {
    return {{"percent", nullptr}, {"reason", bd_rate.failure}};
  }
  return {{"percent", *bd_rate.percent},
          {"anchor_share", bd_rate.overlap.anchor_share},
          {"test_share", bd_rate.overlap.test_share}};
}

Json ToJson(const ClipSummary& clip) {
  Json json = {{"bd_rate", nullptr},
               {"bd_psnr_db", OrNull(clip.bd_psnr_db)},
               {"overshoot", nullptr}};
  if (clip.bd_rate.has_value()) {
    json["bd_rate"] = Json::object();
    for (const QualityMeasure measure : kQualityMeasures) {
      json["bd_rate"][Key(measure)] = ToJson((*clip.bd_rate)[IndexOf(measure)]);
    }
  }
  if (clip.targets.has_value()) json["overshoot"] = ToJson(clip.targets);
  return json;
}

// [{clip, controllers: {name: ...}}], by name of the clip.
Json PerClip(const Summary& summary) {
  std::map<std::string, Json> clips;
  for (const ControllerSummary& controller : summary.controllers) {
    for (const ClipSummary& clip : controller.per_clip) {
      clips[clip.clip][controller.name] = ToJson(clip);
    }
  }
  Json json = Json::array();
  for (const auto& [clip, controllers] : clips) {
    json.push_back({{"clip", clip}, {"controllers", controllers}});
  }
  return json;
}

}  // namespace

std::string SummaryJson(const Summary& summary, const RunInfo& run) {
  Json json = {{"anchor", summary.anchor}, {"controllers", Json::object()}};
  for (const ControllerSummary& controller : summary.controllers) {
    json["controllers"][controller.name] = ToJson(controller);
  }
  json["per_clip"] = PerClip(summary);
  json["targets"] = run.targets;
  json["settings"] = run.settings;
  json["revision"] = run.revision;
  json["versions"] = run.versions;
  json["machine"] = run.machine;
  json["date"] = run.date;
  json["command_line"] = run.command_line;
  return json.dump(/*indent=*/2, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace) +
         "\n";
}

}  // namespace eval
