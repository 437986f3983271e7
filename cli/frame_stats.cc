#include "cli/frame_stats.h"

#include <cstddef>
#include <optional>
#include <string>

#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/rate_controller.h"
#include "nlohmann/json.hpp"
#include "selfplay/planning_report.h"

namespace cli {
namespace {

const char* TypeName(encoder_bridge::FrameType type) {
  switch (type) {
    case encoder_bridge::FrameType::kKey:
      return "key";
    case encoder_bridge::FrameType::kInter:
      return "inter";
    case encoder_bridge::FrameType::kAltRef:
      return "alt_ref";
    case encoder_bridge::FrameType::kOverlay:
      return "overlay";
    case encoder_bridge::FrameType::kGolden:
      return "golden";
  }
  return "unknown";
}

nlohmann::ordered_json ValueOrNull(const std::optional<double>& value) {
  if (!value) return nullptr;
  return *value;
}

void AddPlan(const selfplay::FramePlan& plan, nlohmann::ordered_json& json) {
  json["planned_q_index"] = nullptr;
  if (plan.planned_q_index) json["planned_q_index"] = *plan.planned_q_index;
  json["prior"] = ValueOrNull(plan.prior);
  json["value"] = ValueOrNull(plan.root_value);
  json["predicted_bits"] = ValueOrNull(plan.predicted_bits);
  json["predicted_psnr_db"] = ValueOrNull(plan.predicted_psnr_db);
}

}  // namespace

std::string FrameStatsLines(
    const encoder_bridge::EncodeResult& result,
    const std::optional<selfplay::PlanningReport>& planning) {
  std::string lines;
  for (const encoder_bridge::CodedFrame& frame : result.frames) {
    nlohmann::ordered_json json = {{"coding_index", frame.coding_index},
                                   {"show_index", frame.show_index},
                                   {"type", TypeName(frame.type)},
                                   {"shown", frame.is_shown},
                                   {"gop_index", frame.gop_index},
                                   {"q_index", frame.q_index},
                                   {"bits", frame.bits},
                                   {"sse", nullptr},
                                   {"psnr_db", nullptr}};
    if (frame.sse) json["sse"] = *frame.sse;
    if (frame.psnr_db) json["psnr_db"] = *frame.psnr_db;
    const auto index = static_cast<size_t>(frame.coding_index);
    if (planning && index < planning->frames.size()) {
      AddPlan(planning->frames[index], json);
    }
    lines += json.dump() + "\n";
  }
  return lines;
}

}  // namespace cli
