#include "cli/installed_file.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace cli {

namespace fs = std::filesystem;

absl::StatusOr<std::string> FindInstalledFile(const std::string& name,
                                              const std::string& folder) {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& path : {here / name, here / ".." / folder / name}) {
    if (fs::exists(path, error)) {
      return fs::weakly_canonical(path, error).string();
    }
  }
  return absl::NotFoundError(
      absl::StrCat(name, " is neither in ", here.string(), " nor in ",
                   (here / ".." / folder).lexically_normal().string()));
}

absl::StatusOr<std::string> FindShippedModel() {
  return FindInstalledFile(SHIPPED_MODEL_FILE, SHIPPED_MODEL_FOLDER);
}

}  // namespace cli
