#ifndef EVAL_CSV_H_
#define EVAL_CSV_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace eval {

// One record of a CSV text [RFC 4180].
struct CsvRecord {
  std::vector<std::string> fields;  // Without quotes.
  int line = 0;                     // Where it begins, from 1.
};

struct CsvText {
  std::vector<CsvRecord> records;
  // Bytes up to the end of the last complete record.  What follows is a record
  // that its writer did not finish, and must be cut off before appending.
  size_t complete_size = 0;
};

// Splits `text` into records.  A record is complete once its line end is there:
// an unfinished last one, as a killed process leaves it, is not an error, and
// not among the records.  Line ends are LF or CRLF; empty lines are skipped.
//
// Returns InvalidArgument, naming `name` and the line, for a quote in the
// middle of a field or text after a closing quote.
absl::StatusOr<CsvText> ParseCsv(absl::string_view text,
                                 absl::string_view name);

// One record with its line end; fields are quoted where they must be.
std::string CsvLine(absl::Span<const std::string> fields);

// The shortest decimal that reads back as `value`.
std::string CsvNumber(double value);

}  // namespace eval

#endif  // EVAL_CSV_H_
