#ifndef CLI_FRAME_STATS_H_
#define CLI_FRAME_STATS_H_

#include <string>

#include "encoder_bridge/encode_result.h"

namespace cli {

// What `encode --stats` writes: one JSON object and line for every coded frame,
// in coding order; docs/cli.md has the fields.
std::string FrameStatsLines(const encoder_bridge::EncodeResult& result);

}  // namespace cli

#endif  // CLI_FRAME_STATS_H_
