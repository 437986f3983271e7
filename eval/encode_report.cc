#include "eval/encode_report.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "encoder_bridge/encode_result.h"
#include "eval/frame_json.h"
#include "eval/report_assets.h"
#include "nlohmann/json.hpp"
#include "selfplay/planning_report.h"
#include "selfplay/report_page.h"

namespace eval {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json ValueOrNull(const std::optional<T>& value) {
  if (!value) return nullptr;
  return *value;
}

// What FrameJson() has, and PSNR, planned q_index, predicted bits: null where
// there is none.
Json Frames(const encoder_bridge::EncodeResult& result,
            const std::vector<selfplay::FramePlan>& plans) {
  Json frames = Json::array();
  for (size_t i = 0; i < result.frames.size(); ++i) {
    Json frame = FrameJson(result.frames[i]);
    frame.push_back(ValueOrNull(result.frames[i].psnr_db));
    const bool is_planned = i < plans.size();
    frame.push_back(is_planned ? ValueOrNull(plans[i].planned_q_index)
                               : nullptr);
    frame.push_back(is_planned ? ValueOrNull(plans[i].predicted_bits)
                               : nullptr);
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace

std::string RenderEncodeReport(const EncodeReport& report) {
  const encoder_bridge::EncodeResult& result = report.result;
  Json data;
  data["input"] = report.input;
  data["output"] = report.output;
  data["controller"] = report.controller;
  data["target_kbps"] = ValueOrNull(report.target_kbps);
  data["bitrate_kbps"] = result.bitrate_kbps;
  data["bytes"] = result.packet_bytes;
  data["seconds"] = result.duration_seconds;
  data["shown_frames"] = result.shown_frames;
  data["psnr_db"] = {{"mean", result.psnr.mean_db},
                     {"global", result.psnr.global_db},
                     {"y", result.psnr.y_db}};
  data["facts"] = report.facts;
  data["frames"] = Frames(result, report.plans);
  data["libvpx"] = nullptr;
  if (report.libvpx) {
    data["libvpx"] = {{"bitrate_kbps", report.libvpx->bitrate_kbps},
                      {"psnr_db", report.libvpx->psnr.mean_db},
                      {"frames", Frames(*report.libvpx, /*plans=*/{})}};
  }
  return selfplay::RenderPage(
      {.title = "muzero-rc encode",
       .style = EncodeReportStyle(),
       .body = EncodeReportBody(),
       .script = absl::StrCat(FrameCharts(), EncodeReportScript())},
      data);
}

}  // namespace eval
