#ifndef ENCODER_BRIDGE_PENDING_FILE_H_
#define ENCODER_BRIDGE_PENDING_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/byte_sink.h"

namespace encoder_bridge {

// A file that is complete or not there: it is written beside its place under
// TemporaryPath() and gets its own name in Commit(), replacing what was there.
// Destroyed without a successful Commit(), it removes what it wrote and leaves
// whatever was at its place alone.  Not thread-safe.
//
// Errors name the path and the reason: NotFound (no such folder),
// PermissionDenied, FailedPrecondition (the place is a folder or a device),
// ResourceExhausted (no space left, too large), Unknown.
class PendingFile : public ByteSink {
 public:
  static absl::StatusOr<std::unique_ptr<PendingFile>> Create(
      const std::string& path);

  // Where the file of this process for `path` is until it is complete.
  static std::string TemporaryPath(const std::string& path);

  ~PendingFile() override;
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  absl::Status Write(std::span<const uint8_t> data) override;
  absl::Status Write(absl::string_view text);

  bool is_seekable() const override { return true; }
  absl::Status SeekTo(int64_t offset_bytes) override;
  absl::Status Commit() override;

 private:
  PendingFile(std::string path, int fd);

  const std::string path_;
  const std::string temporary_path_;
  int fd_;  // -1 once closed.
  bool is_committed_ = false;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PENDING_FILE_H_
