#include "encoder_bridge/input_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace encoder_bridge {
namespace {

absl::Status OpenError(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  }
  const std::string message = absl::StrCat(path, ": ", std::strerror(error));
  if (error == EACCES || error == EPERM) {
    return absl::PermissionDeniedError(message);
  }
  return absl::InvalidArgumentError(message);
}

// Control characters that no text has, in the C0 set.
bool IsBinary(char c) {
  return static_cast<unsigned char>(c) < 0x20 &&
         absl::string_view("\b\t\n\v\f\r\x1b").find(c) ==
             absl::string_view::npos;
}

// YUV4MPEG2 has a header of text, and a small black-free picture may follow
// without a control character.
bool LooksLikeText(absl::string_view start) {
  return !absl::StartsWith(start, "YUV4MPEG2 ") &&
         std::none_of(start.begin(), start.end(), IsBinary);
}

}  // namespace

absl::Status CheckInputFile(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return OpenError(path, errno);
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is a directory"));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is not a regular file"));
  }
  if (info.st_size == 0) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is empty"));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4096> start = {};
  file.read(start.data(), start.size());
  if (file.gcount() == 0) return OpenError(path, errno != 0 ? errno : EIO);
  if (LooksLikeText({start.data(), static_cast<size_t>(file.gcount())})) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is a text file, not a video"));
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
