#ifndef CLI_FRAME_STATS_H_
#define CLI_FRAME_STATS_H_

#include <optional>
#include <string>

#include "encoder_bridge/encode_result.h"
#include "selfplay/planning_report.h"

namespace cli {

// What `encode --stats` writes: one JSON object and line for every coded frame,
// in coding order; docs/cli.md has the fields.  `planning`, if there is any,
// has the frames recorded.
std::string FrameStatsLines(
    const encoder_bridge::EncodeResult& result,
    const std::optional<selfplay::PlanningReport>& planning);

}  // namespace cli

#endif  // CLI_FRAME_STATS_H_
