#include "encoder_bridge/file_places.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {
namespace {

constexpr char kOpenFiles[] = "/proc/self/fd";

bool IsReadOnlyFile(int fd) {
  struct stat info = {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return false;
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
}

}  // namespace

absl::StatusOr<FilePlaces> FilePlaces::Now() {
  FilePlaces now;
  std::error_code error;
  std::filesystem::directory_iterator files(kOpenFiles, error);
  for (; !error && files != std::filesystem::directory_iterator();
       files.increment(error)) {
    int fd = -1;
    if (!absl::SimpleAtoi(files->path().filename().string(), &fd)) continue;
    if (fd <= STDERR_FILENO || !IsReadOnlyFile(fd)) continue;
    now.places_.push_back({.fd = fd, .offset = lseek(fd, 0, SEEK_CUR)});
  }
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot read ", kOpenFiles, ": ", error.message()));
  }
  return now;
}

absl::Status FilePlaces::Reopen() const {
  for (const Place& place : places_) {
    const std::string path = absl::StrCat(kOpenFiles, "/", place.fd);
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_open = fd >= 0 &&
                         lseek(fd, place.offset, SEEK_SET) == place.offset &&
                         dup3(fd, place.fd, O_CLOEXEC) == place.fd;
    const int error = errno;
    if (fd >= 0) close(fd);
    if (!is_open) {
      std::error_code unknown;
      return absl::UnknownError(absl::StrCat(
          "cannot open ", std::filesystem::read_symlink(path, unknown).string(),
          " again: ", std::strerror(error)));
    }
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
