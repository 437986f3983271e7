#ifndef CLI_ENCODE_JOB_H_
#define CLI_ENCODE_JOB_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/encode_request.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/encode_result.h"
#include "selfplay/planning_report.h"

namespace cli {

// One audio stream of the output.
struct AudioOutcome {
  int stream_index = 0;      // In the input.
  std::string source_codec;  // FFmpeg's name, such as "aac".
  std::string codec;         // In the output.
  std::string language;      // ISO 639-2; empty: not known.
  bool is_copied = false;
  int channels = 0;
  int64_t bytes = 0;  // Of its packets.
  double bitrate_kbps = 0;
};

struct EncodeOutcome {
  encoder_bridge::EncodeResult result;
  // What each attempt came to, and which one it is, from 0.
  std::vector<encoder_bridge::AttemptResult> attempts;
  int attempt = 0;
  std::vector<AudioOutcome> audio;
  // What planning took, if the controller was muzero.
  std::optional<selfplay::PlanningReport> planning;
};

// Encodes one video, from the input to the finished files; shows progress and
// warnings on stderr.  On an error, Cancelled if `stop` was set, nothing is
// left behind.
absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop);

}  // namespace cli

#endif  // CLI_ENCODE_JOB_H_
