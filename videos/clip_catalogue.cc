#include "videos/clip_catalogue.h"

#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "videos/catalogue_csv.h"
#include "videos/clip.h"
#include "videos/video_folder.h"

namespace videos {
namespace {

namespace fs = std::filesystem;

constexpr char kCatalogueFileName[] = "catalogue.csv";

absl::StatusOr<std::vector<Clip>> OpenFolder(const fs::path& folder) {
  const fs::path file = folder / kCatalogueFileName;
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) ? ReadCatalogueCsv(file)
                                            : ListVideoFolder(folder);
}

absl::StatusOr<std::vector<Clip>> OpenFile(const fs::path& file) {
  if (absl::AsciiStrToLower(file.extension().string()) == ".csv") {
    return ReadCatalogueCsv(file);
  }
  Clip clip;
  clip.name = file.filename().string();
  clip.path = file.string();
  return std::vector<Clip>{std::move(clip)};
}

absl::StatusOr<std::vector<Clip>> OpenPlace(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::directory) return OpenFolder(path);
  if (type == fs::file_type::regular) return OpenFile(path);
  if (type == fs::file_type::not_found) {
    return absl::NotFoundError(absl::StrCat("no clips at '", path.string(),
                                            "': there is no such ",
                                            "file or folder"));
  }
  if (error) return absl::ErrnoToStatus(error.value(), path.string());
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), " is neither a file nor a folder"));
}

// Such as "test (5), train (3)".
std::string ListSplits(const std::vector<Clip>& clips) {
  std::map<std::string, int> clips_of_split;
  for (const Clip& clip : clips) {
    if (!clip.split.empty()) ++clips_of_split[clip.split];
  }
  if (clips_of_split.empty()) return "none";
  return absl::StrJoin(
      clips_of_split, ", ", [](std::string* out, const auto& split) {
        absl::StrAppend(out, split.first, " (", split.second, ")");
      });
}

}  // namespace

absl::StatusOr<ClipCatalogue> ClipCatalogue::Open(const std::string& path) {
  absl::StatusOr<std::vector<Clip>> clips = OpenPlace(path);
  if (!clips.ok()) return clips.status();
  return ClipCatalogue(path, *std::move(clips));
}

absl::StatusOr<ClipCatalogue> ClipCatalogue::Select(
    absl::string_view split) const {
  std::vector<Clip> selected;
  for (const Clip& clip : clips_) {
    if (clip.split == split) selected.push_back(clip);
  }
  if (selected.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no clip of ", path_, " is in split '", split,
                     "'; its splits (clips): ", ListSplits(clips_)));
  }
  return ClipCatalogue(path_, std::move(selected));
}

}  // namespace videos
