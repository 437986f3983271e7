#include "encoder_bridge/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {

absl::StatusOr<std::string> TemporaryFolder() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  if (!error) return folder.string();
  const char* wanted = std::getenv("TMPDIR");
  return absl::NotFoundError(
      absl::StrCat("there is no folder ", wanted == nullptr ? "/tmp" : wanted,
                   " for temporary files; wanted one in TMPDIR"));
}

absl::StatusOr<int> OpenTemporaryFile() {
  const absl::StatusOr<std::string> folder = TemporaryFolder();
  if (!folder.ok()) return folder.status();
  std::string path = std::filesystem::path(*folder) / "muzero-rc-XXXXXX";
  const int fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("cannot make a temporary file in ", *folder));
  }
  unlink(path.c_str());
  return fd;
}

}  // namespace encoder_bridge
