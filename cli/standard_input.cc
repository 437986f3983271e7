#include "cli/standard_input.h"

#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "encoder_bridge/input_spool.h"
#include "encoder_bridge/temporary_file.h"

namespace cli {

using encoder_bridge::InputSpool;

absl::StatusOr<std::unique_ptr<InputSpool>> SpoolStandardInput(
    bool quiet, const StopSignal& stop) {
  const absl::StatusOr<std::string> folder = encoder_bridge::TemporaryFolder();
  if (!folder.ok()) return folder.status();
  if (!quiet) {
    PrintNote(absl::StrCat("two passes read the video twice, so ",
                           kStandardInput, " is kept in a temporary file in ",
                           *folder, " until the end"));
  }
  ProgressLine progress(ProgressLine::ModeFor(quiet));
  return InputSpool::Read(
      STDIN_FILENO, kStandardInput, [&](int64_t bytes) -> absl::Status {
        if (stop.is_set()) return absl::CancelledError("interrupted");
        if (progress.IsDue()) {
          progress.Update(absl::StrFormat("reading standard input  %.1f MB",
                                          static_cast<double>(bytes) / 1e6));
        }
        return absl::OkStatus();
      });
}

}  // namespace cli
