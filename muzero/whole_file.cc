#include "muzero/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {
namespace {

// `error` is an errno value, `task` what could not be done.
absl::Status FileError(absl::string_view task, const std::string& path,
                       int error) {
  const std::string message = absl::StrCat(
      "cannot ", task, " ", path, ": ", std::generic_category().message(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(message);
    case EISDIR:
      return absl::InvalidArgumentError(message);
    default:
      return absl::UnknownError(message);
  }
}

// Returns 0 or an errno value.
int WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? 0 : errno;
}

// A new name is on the disk once its folder is.  Some file systems cannot, and
// lose no more than the newest name.
void SyncFolder(const std::filesystem::path& folder) {
  const int fd = open(folder.empty() ? "." : folder.c_str(),
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                          int64_t max_bytes) {
  // Without O_NONBLOCK a pipe would keep us waiting for a writer.
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return FileError("read", path, errno);
  const absl::Cleanup closer = [fd] { close(fd); };
  struct stat properties = {};
  if (fstat(fd, &properties) != 0) return FileError("read", path, errno);
  if (!S_ISREG(properties.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read ", path, ": it is ",
        S_ISDIR(properties.st_mode) ? "a folder" : "not a regular file"));
  }
  if (properties.st_size > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot read ", path, ": it has ", properties.st_size,
                     " bytes, more than ", max_bytes));
  }
  std::string bytes(static_cast<size_t>(properties.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(fd, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read", path, errno);
    if (got == 0) break;  // Cut short meanwhile.
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

absl::Status WriteWholeFile(absl::string_view bytes, const std::string& path) {
  const std::filesystem::path place(path);
  const std::string temporary =
      (place.parent_path() /
       absl::StrCat(".", place.filename().string(), ".", getpid(), ".part"))
          .string();
  const int fd =
      open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) return FileError("write", path, errno);
  int error = WriteAll(fd, bytes);
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    unlink(temporary.c_str());
    return FileError("write", path, error);
  }
  SyncFolder(place.parent_path());
  return absl::OkStatus();
}

}  // namespace muzero
