#ifndef CLI_STANDARD_INPUT_H_
#define CLI_STANDARD_INPUT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/input_spool.h"

namespace cli {

// What messages call it.
inline constexpr char kStandardInput[] = "standard input";

// Says where the input is kept, reads all of it, and shows how far that is;
// neither if `quiet`.
//
// Errors: Cancelled if `stop` was set; InputSpool's.
absl::StatusOr<std::unique_ptr<encoder_bridge::InputSpool>> SpoolStandardInput(
    bool quiet, const StopSignal& stop);

}  // namespace cli

#endif  // CLI_STANDARD_INPUT_H_
