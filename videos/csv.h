#ifndef VIDEOS_CSV_H_
#define VIDEOS_CSV_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace videos {

// One record of a CSV file.
struct CsvRow {
  int line = 0;  // Where the record begins in its file, from 1.
  std::vector<std::string> fields;
};

// Splits `text` into records as RFC 4180 has it: fields between commas, a field
// in double quotes may hold commas, line breaks and doubled quotes.  Lines end
// with LF or CRLF.  A byte order mark at the start and empty lines are skipped.
// Fields are not trimmed, and rows may differ in length.
//
// Returns InvalidArgument, beginning with "file_name:line: ", for a quoted
// field that never ends, one followed by something else than a comma, and a
// quote in a field that did not begin with one.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text,
                                             absl::string_view file_name);

}  // namespace videos

#endif  // VIDEOS_CSV_H_
