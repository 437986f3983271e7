#include "cli/wrapped_program.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cli {
namespace {

bool IsFile(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

absl::StatusOr<std::string> Find(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (IsFile(name)) return name;
    return absl::NotFoundError(absl::StrCat("there is no program ", name));
  }
  const char* path = std::getenv("PATH");
  std::string found;
  for (const absl::string_view folder :
       absl::StrSplit(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    const std::string file =
        absl::StrCat(folder.empty() ? "." : folder, "/", name);
    if (!IsFile(file)) continue;
    if (access(file.c_str(), X_OK) == 0) return file;
    if (found.empty()) found = file;
  }
  if (!found.empty()) return found;
  return absl::NotFoundError(
      absl::StrCat("there is no program ", name, " in PATH"));
}

// Whether a 64-bit ELF program has no dynamic linker; false for anything else,
// such as a script.
bool IsStatic(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header = {};
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!file || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64) {
    return false;
  }
  for (int i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment = {};
    file.seekg(static_cast<std::streamoff>(
        header.e_phoff + static_cast<Elf64_Off>(i) * header.e_phentsize));
    file.read(reinterpret_cast<char*>(&segment), sizeof segment);
    if (!file || segment.p_type == PT_INTERP) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::string> FindWrappableProgram(const std::string& name) {
  absl::StatusOr<std::string> path = Find(name);
  if (!path.ok()) return path;
  if (access(path->c_str(), X_OK) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(*path, " is not a program that may be run"));
  }
  if (IsStatic(*path)) {
    return absl::PermissionDeniedError(
        absl::StrCat(*path,
                     " is linked statically, wanted a program that uses the "
                     "shared libvpx"));
  }
  struct stat status = {};
  if (stat(path->c_str(), &status) == 0 &&
      (status.st_mode & (S_ISUID | S_ISGID)) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        *path, " is a set-user-ID program, which takes no preloaded library"));
  }
  return path;
}

}  // namespace cli
