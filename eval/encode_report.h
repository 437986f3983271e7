#ifndef EVAL_ENCODE_REPORT_H_
#define EVAL_ENCODE_REPORT_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "encoder_bridge/encode_result.h"
#include "selfplay/planning_report.h"

namespace eval {

// One finished encode, as its report tells it.
struct EncodeReport {
  std::string input;
  std::string output;
  std::string controller;
  std::optional<double> target_kbps;  // None if it did not aim at one.
  encoder_bridge::EncodeResult result;
  // What muzero planned, for each coded frame in coding order; empty for other
  // controllers.
  std::vector<selfplay::FramePlan> plans;
  // What libvpx's own rate control does at the same target, to compare with.
  std::optional<encoder_bridge::EncodeResult> libvpx;
  // What else there is to tell, name and value, in the order to show it.
  std::vector<std::pair<std::string, std::string>> facts;
};

// One page (selfplay/report_page.h): q_index, bits and PSNR of every frame,
// and what was planned; bitrate over time; totals by frame type.  Frames are
// put on the time axis as if all were shown equally long.
std::string RenderEncodeReport(const EncodeReport& report);

}  // namespace eval

#endif  // EVAL_ENCODE_REPORT_H_
