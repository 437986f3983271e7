#ifndef CLI_ENCODE_BATCH_H_
#define CLI_ENCODE_BATCH_H_

#include <vector>

#include "cli/encode_request.h"
#include "cli/stop_signal.h"

namespace cli {

struct BatchOptions {
  int jobs = 1;  // Encodes at once.
  bool quiet = false;
  bool print_json = false;
};

// Runs all encodes; one that fails has its error line and does not stop the
// others.  At the end a table of all, or a JSON array, goes to stdout.  Returns
// the exit status.  REQUIRES: requests is not empty and options.jobs >= 1.
int RunEncodeBatch(const std::vector<EncodeRequest>& requests,
                   const BatchOptions& options, StopSignal& stop);

}  // namespace cli

#endif  // CLI_ENCODE_BATCH_H_
