#ifndef SELFPLAY_METRICS_FILE_H_
#define SELFPLAY_METRICS_FILE_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "selfplay/experience_store.h"

namespace selfplay {

// metrics.jsonl of a run folder: lines of metrics, one after the other, for as
// long as the run goes on.
//
// Every line is handed to the system whole, in one write, as it is appended.
// Who is killed in the middle leaves at most one unfinished line at the end:
// readers skip it, and the next Open() cuts it off.
//
// Thread-safe; one process at a time has the file open for appending.
class MetricsFile {
 public:
  // Makes the file if there is none.  Errors name `path`: FailedPrecondition if
  // another process has it open; otherwise the system's.
  static absl::StatusOr<std::unique_ptr<MetricsFile>> Open(
      const std::string& path);

  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  // REQUIRES: `line.json` has no line end.
  absl::Status Append(const MetricsLine& line);

 private:
  MetricsFile(std::string path, int fd);

  const std::string path_;
  // Of the standard library, for ThreadSanitizer, which sees through it.
  std::mutex mutex_;
  const int fd_;  // Written to under `mutex_`.
};

// All finished lines of the file at `path`, in order.  Errors: NotFound if
// there is none; DataLoss, naming file and line, for one that is no metrics.
absl::StatusOr<std::vector<MetricsLine>> ReadMetricsFile(
    const std::string& path);

}  // namespace selfplay

#endif  // SELFPLAY_METRICS_FILE_H_
