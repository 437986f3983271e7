#include "encoder_bridge/pending_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace encoder_bridge {
namespace {

// `error` is an errno value.
absl::Status WriteError(const std::string& path, int error) {
  const std::string message = absl::StrCat(
      "cannot write ", path, ": ", std::generic_category().message(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(message);
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    default:
      return absl::UnknownError(message);
  }
}

}  // namespace

std::string PendingFile::TemporaryPath(const std::string& path) {
  const std::filesystem::path place(path);
  const std::string name =
      absl::StrCat(".", place.filename().string(), ".", getpid(), ".part");
  return (place.parent_path() / name).string();
}

absl::StatusOr<std::unique_ptr<PendingFile>> PendingFile::Create(
    const std::string& path) {
  struct stat existing = {};
  if (stat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write ", path, ": it is ",
        S_ISDIR(existing.st_mode) ? "a folder" : "not a regular file"));
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty() && access(folder.c_str(), F_OK) != 0) {
    return absl::NotFoundError(
        absl::StrCat("cannot write ", path, ": there is no folder ", folder));
  }
  const int fd = open(TemporaryPath(path).c_str(),
                      O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0) return WriteError(path, errno);
  return std::unique_ptr<PendingFile>(new PendingFile(path, fd));
}

PendingFile::PendingFile(std::string path, int fd)
    : path_(std::move(path)), temporary_path_(TemporaryPath(path_)), fd_(fd) {}

PendingFile::~PendingFile() {
  if (fd_ >= 0) close(fd_);
  if (!is_committed_) unlink(temporary_path_.c_str());
}

absl::Status PendingFile::Write(std::span<const uint8_t> data) {
  while (!data.empty()) {
    const ssize_t written = write(fd_, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return WriteError(path_, errno);
    data = data.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status PendingFile::Write(absl::string_view text) {
  return Write(
      std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

absl::Status PendingFile::SeekTo(int64_t offset_bytes) {
  if (lseek(fd_, offset_bytes, SEEK_SET) < 0) return WriteError(path_, errno);
  return absl::OkStatus();
}

absl::Status PendingFile::Commit() {
  // On the disk before it has the name: a crash must not leave half a file.
  if (fsync(fd_) != 0 && errno != EINVAL) return WriteError(path_, errno);
  const int fd = std::exchange(fd_, -1);
  if (close(fd) != 0) return WriteError(path_, errno);
  if (rename(temporary_path_.c_str(), path_.c_str()) != 0) {
    return WriteError(path_, errno);
  }
  is_committed_ = true;
  return absl::OkStatus();
}

}  // namespace encoder_bridge
