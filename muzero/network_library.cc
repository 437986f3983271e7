#include "muzero/network_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "muzero/network_symbols.h"

namespace muzero {
namespace {

namespace fs = std::filesystem;

// Names come from muzero/CMakeLists.txt.
constexpr char kFileName[] = NETWORK_LIBRARY_FILE;
constexpr char kInstalledFolder[] = NETWORK_LIBRARY_FOLDER;

absl::StatusOr<std::string> FindLibrary() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot find this program's folder: ", error.message()));
  }
  const fs::path folder = program.parent_path();
  for (const fs::path& path :
       {folder / kFileName, folder / ".." / kInstalledFolder / kFileName}) {
    if (fs::exists(path, error)) return path.string();
  }
  return absl::UnavailableError(absl::StrCat(
      "networks need ", kFileName, ", which is neither in ", folder.string(),
      " nor in ", (folder / ".." / kInstalledFolder).string()));
}

absl::StatusOr<CreateNetworkModelFn*> FindCreateNetworkModel() {
  const absl::StatusOr<std::string> path = FindLibrary();
  if (!path.ok()) return path.status();
  // Never closed: its threads run to the end of the program.
  void* const library = dlopen(path->c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol =
      library == nullptr ? nullptr : dlsym(library, kCreateNetworkModelSymbol);
  if (symbol == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot load ", dlerror()));
  }
  return reinterpret_cast<CreateNetworkModelFn*>(symbol);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Model>> CreateNetworkModel(
    const Checkpoint& checkpoint, Device device) {
  static const absl::StatusOr<CreateNetworkModelFn*> create =
      FindCreateNetworkModel();
  if (!create.ok()) return create.status();
  absl::StatusOr<std::unique_ptr<Model>> model =
      absl::UnknownError("not created");
  (*create)(checkpoint, device, model);
  return model;
}

}  // namespace muzero
