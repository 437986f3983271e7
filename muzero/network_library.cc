#include "muzero/network_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "muzero/network_symbols.h"

namespace muzero {
namespace {

namespace fs = std::filesystem;

// Names come from muzero/CMakeLists.txt.
constexpr char kFileName[] = NETWORK_LIBRARY_FILE;
constexpr char kInstalledFolder[] = NETWORK_LIBRARY_FOLDER;

// The folder of the shared library that this code is in; empty if it is in a
// program.
fs::path LibraryFolder() {
  Dl_info info = {};
  if (dladdr(kFileName, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  const fs::path file = fs::canonical(info.dli_fname, error);
  if (error) return {};
  const std::string name = file.filename().string();
  const bool is_library =
      name.ends_with(".so") || absl::StrContains(name, ".so.");
  return is_library ? file.parent_path() : fs::path();
}

absl::StatusOr<std::string> FindLibrary() {
  std::error_code error;
  fs::path folder = LibraryFolder();
  fs::path installed = folder / fs::path(kInstalledFolder).filename();
  if (folder.empty()) {
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot find this program's folder: ", error.message()));
    }
    folder = program.parent_path();
    installed = folder / ".." / kInstalledFolder;
  }
  for (const fs::path& path : {folder / kFileName, installed / kFileName}) {
    if (fs::exists(path, error)) return path.string();
  }
  return absl::UnavailableError(
      absl::StrCat("networks need ", kFileName, ", which is neither in ",
                   folder.string(), " nor in ", installed.string()));
}

absl::StatusOr<const NetworkSymbols*> LoadSymbols() {
  const absl::StatusOr<std::string> path = FindLibrary();
  if (!path.ok()) return path.status();
  // Never closed: its threads run to the end of the program.
  void* const library = dlopen(path->c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol =
      library == nullptr ? nullptr : dlsym(library, kNetworkSymbolsName);
  if (symbol == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot load ", dlerror()));
  }
  return static_cast<const NetworkSymbols*>(symbol);
}

const absl::StatusOr<const NetworkSymbols*>& Symbols() {
  static const absl::StatusOr<const NetworkSymbols*> symbols = LoadSymbols();
  return symbols;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Model>> CreateNetworkModel(
    const Checkpoint& checkpoint, Device device) {
  if (!Symbols().ok()) return Symbols().status();
  return (*Symbols())->create_model(checkpoint, device);
}

absl::StatusOr<std::unique_ptr<Trainer>> CreateNetworkTrainer(
    const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
    Device device) {
  if (!Symbols().ok()) return Symbols().status();
  return (*Symbols())->create_trainer(network, config, seed, device);
}

absl::StatusOr<std::unique_ptr<Trainer>> ResumeNetworkTrainer(
    const Checkpoint& checkpoint, const TrainerConfig& config, Device device) {
  if (!Symbols().ok()) return Symbols().status();
  return (*Symbols())->resume_trainer(checkpoint, config, device);
}

}  // namespace muzero
