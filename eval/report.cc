#include "eval/report.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eval/frame_json.h"
#include "eval/quality_measure.h"
#include "eval/report_assets.h"
#include "eval/summary_json.h"
#include "eval/summary_text.h"
#include "selfplay/report_page.h"

namespace eval {
namespace {

using Json = nlohmann::ordered_json;

// [kbps, PSNR mean, luma, global, SSIM, target], as report_template.js reads.
Json ToJson(const SweepPoint& point) {
  return {point.bitrate_kbps, point.psnr, point.psnr_y,
          point.psnr_global,  point.ssim, point.target_kbps};
}

// {clip: {width, height, frame_rate, frames, curves: {controller: [point]}}}
Json Clips(const std::vector<SweepPoint>& points) {
  std::map<std::string, Json> clips;
  for (const SweepPoint& point : points) {
    Json& clip = clips[point.clip];
    clip["width"] = point.width;
    clip["height"] = point.height;
    clip["frame_rate"] = point.frame_rate;
    clip["frames"] = point.frames;
    clip["curves"][point.controller].push_back(ToJson(point));
  }
  return clips;
}

// {clip: [{controller, target_kbps, frames: [frame]}]}
Json Traces(const std::vector<FrameTrace>& traces) {
  std::map<std::string, Json> clips;
  for (const FrameTrace& trace : traces) {
    Json frames = Json::array();
    for (const encoder_bridge::CodedFrame& frame : trace.frames) {
      frames.push_back(FrameJson(frame));
    }
    clips[trace.clip].push_back({{"controller", trace.controller},
                                 {"target_kbps", trace.target_kbps},
                                 {"frames", std::move(frames)}});
  }
  return clips;
}

Json Measures() {
  Json measures = Json::array();
  for (const QualityMeasure measure : kQualityMeasures) {
    measures.push_back({{"id", std::string(Name(measure))},
                        {"label", std::string(Label(measure))}});
  }
  return measures;
}

}  // namespace

std::string RenderReport(const Summary& summary,
                         const std::vector<SweepPoint>& points,
                         const std::vector<FrameTrace>& traces,
                         const RunInfo& run) {
  Json data;
  data["summary"] = Json::parse(SummaryJson(summary, run));
  data["verdicts"] = Verdicts(summary);
  data["measures"] = Measures();
  data["clips"] = Clips(points);
  data["traces"] = Traces(traces);
  return selfplay::RenderPage(
      {.title = "muzero-rc evaluation",
       .style = ReportStyle(),
       .body = ReportBody(),
       .script = absl::StrCat(FrameCharts(), ReportScript())},
      data);
}

}  // namespace eval
