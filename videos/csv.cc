#include "videos/csv.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace videos {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvParser {
 public:
  CsvParser(absl::string_view text, absl::string_view file_name)
      : text_(text), file_name_(file_name) {}

  absl::StatusOr<std::vector<CsvRow>> Parse() {
    std::vector<CsvRow> rows;
    while (!AtEnd()) {
      if (SkipLineEnd()) continue;
      absl::StatusOr<CsvRow> row = ParseRow();
      if (!row.ok()) return row.status();
      rows.push_back(*std::move(row));
    }
    return rows;
  }

 private:
  bool AtEnd() const { return position_ == text_.size(); }
  char Peek() const { return text_[position_]; }

  bool AtLineEnd() const {
    const absl::string_view rest = text_.substr(position_);
    return rest.empty() || rest[0] == '\n' || rest.substr(0, 2) == "\r\n";
  }

  // Returns false at anything else than a line break.
  bool SkipLineEnd() {
    if (AtEnd() || !AtLineEnd()) return false;
    position_ += Peek() == '\r' ? 2 : 1;
    ++line_;
    return true;
  }

  absl::StatusOr<CsvRow> ParseRow() {
    CsvRow row = {.line = line_, .fields = {}};
    while (true) {
      absl::StatusOr<std::string> field =
          !AtEnd() && Peek() == '"' ? ParseQuotedField() : ParsePlainField();
      if (!field.ok()) return field.status();
      row.fields.push_back(*std::move(field));
      if (AtLineEnd()) break;
      ++position_;  // The comma.
    }
    SkipLineEnd();
    return row;
  }

  absl::StatusOr<std::string> ParsePlainField() {
    const size_t begin = position_;
    for (; !AtLineEnd() && Peek() != ','; ++position_) {
      if (Peek() == '"') {
        return Error(line_, "a quote inside a field that is not quoted");
      }
    }
    return std::string(text_.substr(begin, position_ - begin));
  }

  absl::StatusOr<std::string> ParseQuotedField() {
    const int first_line = line_;
    std::string field;
    for (++position_; !AtEnd(); ++position_) {
      if (Peek() == '"') {
        ++position_;
        if (AtLineEnd() || Peek() == ',') return field;
        if (Peek() != '"') {
          return Error(line_, "wanted a comma after a quoted field");
        }
      }
      if (Peek() == '\n') ++line_;
      field.push_back(Peek());
    }
    return Error(first_line, "a quoted field begins here and never ends");
  }

  absl::Status Error(int line, absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(file_name_, ":", line, ": ", what));
  }

  const absl::string_view text_;
  const absl::string_view file_name_;
  size_t position_ = 0;
  int line_ = 1;
};

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text,
                                             absl::string_view file_name) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  return CsvParser(text, file_name).Parse();
}

}  // namespace videos
