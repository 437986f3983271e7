#include "videos/catalogue_csv.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "videos/csv.h"

namespace videos {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSha256Digits = 64;

absl::StatusOr<std::string> ReadFile(const fs::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) {
    return absl::ErrnoToStatus(errno != 0 ? errno : EIO, file.string());
  }
  return text;
}

// In quotes, and on one line whatever is in it.
std::string Quote(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCEscape(text), "'");
}

absl::Status LineError(const fs::path& file, int line, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(file.string(), ":", line, ": ", what));
}

// Finds the fields of a row by the names in the header.
class Columns {
 public:
  static absl::StatusOr<Columns> Parse(const CsvRow& header,
                                       const fs::path& file) {
    Columns columns;
    for (size_t i = 0; i < header.fields.size(); ++i) {
      const std::string name(absl::StripAsciiWhitespace(header.fields[i]));
      if (!columns.index_.emplace(name, i).second) {
        return LineError(file, header.line,
                         absl::StrCat("the header has two columns ",
                                      Quote(name), ", wanted each name once"));
      }
    }
    if (!columns.index_.contains("name") && !columns.index_.contains("path")) {
      return LineError(
          file, header.line,
          absl::StrCat("wanted a header with a column 'name' or 'path', got ",
                       Quote(absl::StrJoin(header.fields, ",").substr(0, 60))));
    }
    return columns;
  }

  size_t size() const { return index_.size(); }

  // Empty if there is no such column.  REQUIRES: `row` has size() fields.
  std::string Get(const CsvRow& row, const std::string& name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? "" : row.fields[found->second];
  }

 private:
  std::map<std::string, size_t> index_;
};

// Each parser takes an empty field for "not said" and says what it wanted.

absl::StatusOr<int> ParseCount(absl::string_view text) {
  int count = 0;
  if (text.empty()) return count;
  if (!absl::SimpleAtoi(text, &count) || count < 1) {
    return absl::InvalidArgumentError("wanted a whole number above 0");
  }
  return count;
}

// "25", "29.97" or "30000/1001".
absl::StatusOr<double> ParseFrameRate(absl::string_view text) {
  if (text.empty()) return 0.0;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  double numerator = 0.0;
  double denominator = 1.0;
  const bool is_number =
      parts.size() <= 2 && absl::SimpleAtod(parts[0], &numerator) &&
      (parts.size() == 1 || absl::SimpleAtod(parts[1], &denominator));
  const double rate = numerator / denominator;
  if (!is_number || !std::isfinite(rate) || numerator <= 0 ||
      denominator <= 0) {
    return absl::InvalidArgumentError(
        "wanted frames per second, such as 25, 29.97 or 30000/1001");
  }
  return rate;
}

absl::StatusOr<std::string> ParseSha256(absl::string_view text) {
  if (!text.empty() &&
      (text.size() != kSha256Digits ||
       !std::all_of(text.begin(), text.end(), [](char c) {
         return absl::ascii_isxdigit(static_cast<unsigned char>(c));
       }))) {
    return absl::InvalidArgumentError("wanted 64 hexadecimal digits");
  }
  return absl::AsciiStrToLower(text);
}

// Turns rows into clips.  Borrows `file` and `columns`.
class ClipParser {
 public:
  ClipParser(const fs::path& file, const Columns& columns)
      : file_(file), columns_(columns) {}

  absl::StatusOr<Clip> Parse(const CsvRow& row) const {
    if (row.fields.size() != columns_.size()) {
      return LineError(
          file_, row.line,
          absl::StrCat("wanted ", columns_.size(),
                       " fields as in the header, got ", row.fields.size()));
    }
    absl::StatusOr<Clip> clip = ParsePlace(row);
    if (!clip.ok()) return clip;
    absl::Status status = Read(row, "width", ParseCount, clip->width);
    status.Update(Read(row, "height", ParseCount, clip->height));
    status.Update(Read(row, "frame_rate", ParseFrameRate, clip->frame_rate));
    status.Update(Read(row, "frames", ParseCount, clip->frames));
    status.Update(Read(row, "sha256", ParseSha256, clip->sha256));
    if (!status.ok()) return status;
    clip->licence = columns_.Get(row, "licence");
    clip->source = columns_.Get(row, "source");
    clip->split = columns_.Get(row, "split");
    return clip;
  }

 private:
  // The clip's name and path, each of which stands for the other.
  absl::StatusOr<Clip> ParsePlace(const CsvRow& row) const {
    Clip clip;
    clip.name = columns_.Get(row, "name");
    clip.path = columns_.Get(row, "path");
    if (clip.name.empty()) clip.name = clip.path;
    if (clip.path.empty()) clip.path = clip.name;
    if (clip.name.empty()) {
      return LineError(file_, row.line, "wanted a clip's name or path");
    }
    clip.path = (file_.parent_path() / clip.path).string();
    return clip;
  }

  template <typename T>
  absl::Status Read(const CsvRow& row, const std::string& column,
                    absl::StatusOr<T> (*parse)(absl::string_view),
                    T& field) const {
    const std::string text = columns_.Get(row, column);
    absl::StatusOr<T> value = parse(absl::StripAsciiWhitespace(text));
    if (!value.ok()) {
      return LineError(file_, row.line,
                       absl::StrCat(column, " ", Quote(text), ": ",
                                    value.status().message()));
    }
    field = *std::move(value);
    return absl::OkStatus();
  }

  const fs::path& file_;
  const Columns& columns_;
};

absl::Status CheckClipIsThere(const fs::path& file, int line,
                              const Clip& clip) {
  std::error_code error;
  const fs::file_type type = fs::status(clip.path, error).type();
  if (type == fs::file_type::regular) return absl::OkStatus();
  if (type != fs::file_type::not_found) {
    return LineError(
        file, line,
        absl::StrCat("clip ", Quote(clip.name), ": ", clip.path, ": ",
                     error ? error.message() : "not a file"));
  }
  std::string what = absl::StrCat(file.string(), ":", line, ": clip ",
                                  Quote(clip.name), ": no file ", clip.path);
  if (absl::StartsWith(clip.source, "debian:")) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
    absl::StrAppend(&what, "; `videos/fetch ", folder.string(), "` gets it");
  }
  return absl::NotFoundError(what);
}

}  // namespace

absl::StatusOr<std::vector<Clip>> ReadCatalogueCsv(const fs::path& file) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(*text, file.string());
  if (!rows.ok()) return rows.status();
  if (rows->empty()) {
    return LineError(file, 1,
                     "the catalogue is empty, wanted a header with a column "
                     "'name' or 'path'");
  }
  absl::StatusOr<Columns> columns = Columns::Parse(rows->front(), file);
  if (!columns.ok()) return columns.status();

  const ClipParser parser(file, *columns);
  std::map<std::string, int> line_of_name;
  std::vector<Clip> clips;
  for (auto row = rows->begin() + 1; row != rows->end(); ++row) {
    absl::StatusOr<Clip> clip = parser.Parse(*row);
    if (!clip.ok()) return clip.status();
    const auto [first, is_new] = line_of_name.emplace(clip->name, row->line);
    if (!is_new) {
      return LineError(
          file, row->line,
          absl::StrCat("clip ", Quote(clip->name), " is on line ",
                       first->second, " already, wanted unique names"));
    }
    absl::Status status = CheckClipIsThere(file, row->line, *clip);
    if (!status.ok()) return status;
    clips.push_back(*std::move(clip));
  }
  if (clips.empty()) {
    return absl::NotFoundError(
        absl::StrCat(file.string(), ": no clip after the header"));
  }
  return clips;
}

}  // namespace videos
