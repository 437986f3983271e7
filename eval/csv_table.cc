#include "eval/csv_table.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace eval {
namespace {

// None unless all of `text` is one number.
template <typename T>
std::optional<T> ParseAll(absl::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

absl::string_view CsvFields::Next() { return record_.fields[next_++]; }

void CsvFields::Fail(absl::string_view value, absl::string_view wanted) {
  status_.Update(absl::InvalidArgumentError(
      absl::StrCat(name_, ":", record_.line, ": ", columns_[next_ - 1], " is '",
                   value, "', not ", wanted)));
}

std::string CsvFields::Text() { return std::string(Next()); }

double CsvFields::Number() {
  const absl::string_view text = Next();
  const std::optional<double> value = ParseAll<double>(text);
  if (value.has_value() && !std::isnan(*value)) return *value;
  Fail(text, "a number");
  return 0;
}

double CsvFields::NonNegative() {
  const double value = Number();
  if (value >= 0) return value;
  Fail(record_.fields[next_ - 1], "a number of 0 or more");
  return 0;
}

int64_t CsvFields::Count() {
  const absl::string_view text = Next();
  const std::optional<int64_t> value = ParseAll<int64_t>(text);
  if (value.has_value() && *value >= 0) return *value;
  Fail(text, "a whole number of 0 or more");
  return 0;
}

int CsvFields::SmallCount() {
  const int64_t value = Count();
  if (value <= std::numeric_limits<int>::max()) return static_cast<int>(value);
  Fail(record_.fields[next_ - 1], "below 2^31");
  return 0;
}

std::optional<int> CsvFields::OptionalSmallCount() {
  if (!record_.fields[next_].empty()) return SmallCount();
  ++next_;
  return std::nullopt;
}

absl::StatusOr<CsvText> ParseCsvTable(
    absl::string_view text, absl::Span<const absl::string_view> columns,
    absl::string_view name) {
  absl::StatusOr<CsvText> csv = ParseCsv(text, name);
  if (!csv.ok() || csv->records.empty()) return csv;
  const videos::CsvRow& header = csv->records.front();
  if (absl::MakeConstSpan(header.fields) !=
      absl::MakeConstSpan(
          std::vector<std::string>(columns.begin(), columns.end()))) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", header.line, ": the columns are ",
                     absl::StrJoin(header.fields, ","), ", not ",
                     absl::StrJoin(columns, ",")));
  }
  csv->records.erase(csv->records.begin());
  for (const videos::CsvRow& record : csv->records) {
    if (record.fields.size() == columns.size()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", record.line, ": ", record.fields.size(),
                     " fields, not ", columns.size()));
  }
  return csv;
}

absl::StatusOr<std::string> ReadTextFile(absl::string_view path) {
  const std::filesystem::path file{std::string(path)};
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  }
  if (std::filesystem::is_directory(file, error)) {
    return absl::UnavailableError(absl::StrCat(path, " is a directory"));
  }
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in.is_open() || in.bad() || text.bad()) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  }
  return text.str();
}

}  // namespace eval
