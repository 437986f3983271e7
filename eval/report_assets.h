#ifndef EVAL_REPORT_ASSETS_H_
#define EVAL_REPORT_ASSETS_H_

#include "absl/strings/string_view.h"

// The files that make up a report, embedded at build time (see
// cmake/EmbedFile.cmake), so that the program needs no folder of its own.
namespace eval {

absl::string_view ChartJs();         // Chart.js, minified, with its notice.
absl::string_view ReportTemplate();  // report_template.html
absl::string_view ReportScript();    // report_template.js

}  // namespace eval

#endif  // EVAL_REPORT_ASSETS_H_
