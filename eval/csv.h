#ifndef EVAL_CSV_H_
#define EVAL_CSV_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "videos/csv.h"

namespace eval {

struct CsvText {
  std::vector<videos::CsvRow> records;
  // Bytes up to the end of the last complete record.  What follows is a record
  // that its writer did not finish, and must be cut off before appending.
  size_t complete_size = 0;
};

// videos::ParseCsv() of what a process has written so far.  A record is
// complete once its line end is there: an unfinished last one, as a killed
// process leaves it, is not an error, and not among the records.
absl::StatusOr<CsvText> ParseCsv(absl::string_view text,
                                 absl::string_view name);

// One record with its line end; fields are quoted where they must be.
std::string CsvLine(absl::Span<const std::string> fields);

// The shortest decimal that reads back as `value`.
std::string CsvNumber(double value);

}  // namespace eval

#endif  // EVAL_CSV_H_
