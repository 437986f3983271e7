#ifndef CLI_ENCODE_JOB_H_
#define CLI_ENCODE_JOB_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/encode_request.h"
#include "cli/media_output.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/encode_result.h"
#include "selfplay/planning_report.h"

namespace cli {

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
