#include "eval/csv.h"

#include <charconv>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace eval {
namespace {

// Walks over a CSV text field by field.
class Reader {
 public:
  Reader(absl::string_view text, absl::string_view name)
      : text_(text), name_(name) {}

  absl::StatusOr<CsvText> Read() {
    CsvText csv;
    while (at_ < text_.size()) {
      CsvRecord record{.fields = {}, .line = line_};
      while (true) {
        absl::StatusOr<std::string> field = ReadField();
        if (!field.ok()) return field.status();
        record.fields.push_back(*std::move(field));
        if (at_ >= text_.size() || text_[at_] != ',') break;
        ++at_;
      }
      if (at_ >= text_.size()) break;  // Its line end is missing.
      SkipLineEnd();
      csv.complete_size = at_;
      const bool is_empty = record.fields.size() == 1 && record.fields[0] == "";
      if (!is_empty) csv.records.push_back(std::move(record));
    }
    return csv;
  }

 private:
  // Stops at a comma, at a line end, or at the end of the text.
  absl::StatusOr<std::string> ReadField() {
    if (at_ < text_.size() && text_[at_] == '"') return ReadQuoted();
    std::string field;
    for (; at_ < text_.size() && text_[at_] != ',' && !IsLineEnd(); ++at_) {
      if (text_[at_] == '"') return Error("has a quote in mid-field");
      field.push_back(text_[at_]);
    }
    return field;
  }

  absl::StatusOr<std::string> ReadQuoted() {
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field.push_back(text_[at_]);
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field.push_back(text_[at_++]);
      } else {
        ++at_;
        break;
      }
    }
    if (text_.substr(at_) == "\r") at_ = text_.size();  // Half a line end.
    if (at_ < text_.size() && text_[at_] != ',' && !IsLineEnd()) {
      return Error("has text after a closing quote");
    }
    return field;
  }

  // A CR at the very end may be half of a CRLF: such a record is unfinished.
  bool IsLineEnd() const {
    return text_[at_] == '\n' ||
           (text_[at_] == '\r' && at_ + 1 < text_.size() &&
            text_[at_ + 1] == '\n');
  }

  void SkipLineEnd() {
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
  }

  absl::Status Error(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ":", line_, ": a field ", what));
  }

  const absl::string_view text_;
  const absl::string_view name_;
  size_t at_ = 0;
  int line_ = 1;
};

bool NeedsQuotes(absl::string_view field) {
  if (field.empty()) return false;
  return field.find_first_of(",\"\r\n") != absl::string_view::npos ||
         field.front() == ' ' || field.back() == ' ';
}

}  // namespace

absl::StatusOr<CsvText> ParseCsv(absl::string_view text,
                                 absl::string_view name) {
  return Reader(text, name).Read();
}

std::string CsvLine(absl::Span<const std::string> fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line.push_back(',');
    if (NeedsQuotes(field)) {
      absl::StrAppend(&line, "\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}),
                      "\"");
    } else {
      line.append(field);
    }
  }
  line.push_back('\n');
  return line;
}

std::string CsvNumber(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  return std::string(digits, end);
}

}  // namespace eval
