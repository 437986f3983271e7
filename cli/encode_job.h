#ifndef CLI_ENCODE_JOB_H_
#define CLI_ENCODE_JOB_H_

#include "absl/status/statusor.h"
#include "cli/encode_outcome.h"
#include "cli/encode_request.h"
#include "cli/stop_signal.h"

namespace cli {

// Encodes one video, from the input to the finished files; shows progress and
// warnings on stderr.  On an error, Cancelled if `stop` was set, nothing is
// left behind.
absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop);

}  // namespace cli

#endif  // CLI_ENCODE_JOB_H_
