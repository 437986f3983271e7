#include "eval/csv.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "videos/csv.h"

namespace eval {
namespace {

// The bytes of `text` up to its last line end that is not in quotes.  A quote
// begins a field or, doubled, goes on with one; any other is for the parser to
// find fault with.
size_t CompleteSize(absl::string_view text) {
  size_t complete = 0;
  bool is_quoted = false;
  bool may_begin = true;  // Whether a quote here would open.
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_quote = text[i] == '"';
    if (is_quoted) {
      is_quoted = !is_quote;
      may_begin = is_quote;
      continue;
    }
    is_quoted = is_quote && may_begin;
    may_begin = text[i] == ',' || text[i] == '\n';
    if (text[i] == '\n') complete = i + 1;
  }
  return complete;
}

bool NeedsQuotes(absl::string_view field) {
  if (field.empty()) return false;
  return field.find_first_of(",\"\r\n") != absl::string_view::npos ||
         field.front() == ' ' || field.back() == ' ';
}

}  // namespace

absl::StatusOr<CsvText> ParseCsv(absl::string_view text,
                                 absl::string_view name) {
  const size_t complete = CompleteSize(text);
  auto records = videos::ParseCsv(text.substr(0, complete), name);
  if (!records.ok()) return records.status();
  return CsvText{.records = *std::move(records), .complete_size = complete};
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
