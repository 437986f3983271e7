#ifndef CLI_ENCODE_JOB_H_
#define CLI_ENCODE_JOB_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/encode_outcome.h"
#include "cli/encode_request.h"
#include "cli/stop_signal.h"

namespace cli {

// Told what a user should know, one line each.
using WarnFn = std::function<void(const std::string& text)>;

// Encodes one video, from the input to the finished files; shows progress on
// stderr unless that is not wanted.  On an error, Cancelled if `stop` was set,
// nothing is left behind.
absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop,
                                           const WarnFn& warn);

}  // namespace cli

#endif  // CLI_ENCODE_JOB_H_
