#include "videos/video_folder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "videos/clip.h"

namespace videos {
namespace {

namespace fs = std::filesystem;

constexpr std::array<absl::string_view, 21> kVideoExtensions = {
    ".3gp", ".asf", ".avi", ".dv",  ".flv",  ".ivf",  ".m2ts",
    ".m4v", ".mkv", ".mov", ".mp4", ".mpg",  ".mpeg", ".mts",
    ".mxf", ".ogv", ".ts",  ".vob", ".webm", ".wmv",  ".y4m"};
constexpr std::array<absl::string_view, 4> kTemporaryExtensions = {
    ".part", ".partial", ".temp", ".tmp"};
constexpr std::array<absl::string_view, 3> kSplits = {"test", "train",
                                                      "validation"};

template <size_t kSize>
bool IsOneOf(const std::array<absl::string_view, kSize>& values,
             absl::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool IsHidden(const fs::path& path) {
  return path.filename().string().front() == '.';
}

bool IsVideo(const fs::path& path) {
  return IsOneOf(kVideoExtensions,
                 absl::AsciiStrToLower(path.extension().string())) &&
         !IsOneOf(kTemporaryExtensions,
                  absl::AsciiStrToLower(path.stem().extension().string()));
}

Clip MakeClip(const fs::path& folder, const fs::path& path) {
  const fs::path name = path.lexically_relative(folder);
  Clip clip;
  clip.name = name.generic_string();
  clip.path = path.string();
  const std::string first = name.begin()->string();
  if (IsOneOf(kSplits, first)) clip.split = first;
  return clip;
}

}  // namespace

absl::StatusOr<std::vector<Clip>> ListVideoFolder(const fs::path& folder) {
  std::vector<Clip> clips;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;  // What cannot be looked at is no video.
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (IsVideo(entry->path()) && entry->is_regular_file(ignored)) {
      clips.push_back(MakeClip(folder, entry->path()));
    }
  }
  if (error) {
    return absl::ErrnoToStatus(
        error.value(), absl::StrCat("cannot read folder ", folder.string()));
  }
  if (clips.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no video in folder ", folder.string(), ", wanted files ",
                     absl::StrJoin(kVideoExtensions, " ")));
  }
  std::sort(clips.begin(), clips.end(),
            [](const Clip& a, const Clip& b) { return a.name < b.name; });
  return clips;
}

}  // namespace videos
