#include "encoder_bridge/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {
namespace {

struct NamedFile {
  std::string path;
  int fd = -1;
};

absl::StatusOr<NamedFile> MakeFile() {
  const absl::StatusOr<std::string> folder = TemporaryFolder();
  if (!folder.ok()) return folder.status();
  std::error_code error;
  NamedFile file = {.path = std::filesystem::absolute(*folder, error) /
                            "muzero-rc-XXXXXX"};
  file.fd = mkostemp(file.path.data(), O_CLOEXEC);
  if (file.fd < 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("cannot make a temporary file in ", *folder));
  }
  return file;
}

}  // namespace

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
  const absl::StatusOr<NamedFile> file = MakeFile();
  if (!file.ok()) return file.status();
  unlink(file->path.c_str());
  return file->fd;
}

absl::StatusOr<std::string> MakeTemporaryFile() {
  absl::StatusOr<NamedFile> file = MakeFile();
  if (!file.ok()) return file.status();
  close(file->fd);
  return std::move(file->path);
}

}  // namespace encoder_bridge
