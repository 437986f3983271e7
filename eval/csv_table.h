#ifndef EVAL_CSV_TABLE_H_
#define EVAL_CSV_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "eval/csv.h"

namespace eval {

// Takes the fields of one record in the order of their columns, turning text
// into numbers.  The first error sticks: read all fields, then ask status().
// Errors are InvalidArgument and name file, line, column and value.
class CsvFields {
 public:
  // All three are borrowed.  REQUIRES: as many columns as fields.
  CsvFields(const videos::CsvRow& record,
            absl::Span<const absl::string_view> columns, absl::string_view name)
      : record_(record), columns_(columns), name_(name) {}

  std::string Text();
  double Number();                          // Not NaN.
  double NonNegative();                     // A number >= 0.
  int64_t Count();                          // A whole number >= 0.
  int SmallCount();                         // One that fits an int.
  std::optional<int> OptionalSmallCount();  // None if the field is empty.

  const absl::Status& status() const { return status_; }

 private:
  absl::string_view Next();
  void Fail(absl::string_view value, absl::string_view wanted);

  const videos::CsvRow& record_;
  const absl::Span<const absl::string_view> columns_;
  const absl::string_view name_;
  size_t next_ = 0;
  absl::Status status_;
};

// Parses `text` and checks that its first record is `columns` and that every
// other has as many fields.  The header is not among the returned records.  A
// text without a complete line has no records, and no error.
absl::StatusOr<CsvText> ParseCsvTable(
    absl::string_view text, absl::Span<const absl::string_view> columns,
    absl::string_view name);

// The whole file.  NotFound if there is none; Unavailable if it is not read.
absl::StatusOr<std::string> ReadTextFile(absl::string_view path);

}  // namespace eval

#endif  // EVAL_CSV_TABLE_H_
