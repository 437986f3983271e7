#ifndef CLI_ENCODE_OUTCOME_H_
#define CLI_ENCODE_OUTCOME_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/media_output.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/encode_result.h"
#include "selfplay/planning_report.h"

namespace cli {

// What a finished encode came to.
struct EncodeOutcome {
  encoder_bridge::EncodeResult result;
  int bit_depth = 8;
  // What the video was aimed at; for a controller that runs at levels, what
  // libvpx places its frames by.
  double target_kbps = 0;
  // What each attempt came to, and which one it is, from 0.
  std::vector<encoder_bridge::AttemptResult> attempts;
  int attempt = 0;
  // What libvpx's own rate control does at the same target, if asked for.
  std::optional<encoder_bridge::EncodeResult> libvpx;
  // What planning took, if the controller was muzero.
  std::optional<selfplay::PlanningReport> planning;
  std::vector<AudioOutcome> audio;
  int64_t file_bytes = 0;
  int chunks = 1;  // That the second pass was in.
  int tries = 1;   // Of targets, for a file of a wanted size.
};

}  // namespace cli

#endif  // CLI_ENCODE_OUTCOME_H_
