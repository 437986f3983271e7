#ifndef EVAL_REPORT_ASSETS_H_
#define EVAL_REPORT_ASSETS_H_

#include "absl/strings/string_view.h"

// What is a report's own on its page (selfplay/report_page.h), embedded at
// build time (see cmake/EmbedFile.cmake), so that the program needs no folder
// of its own.
namespace eval {

absl::string_view FrameCharts();  // frame_charts.js, before either script.

absl::string_view ReportStyle();   // report_template.css
absl::string_view ReportBody();    // report_template.html
absl::string_view ReportScript();  // report_template.js

absl::string_view EncodeReportStyle();   // encode_report.css
absl::string_view EncodeReportBody();    // encode_report.html
absl::string_view EncodeReportScript();  // encode_report.js

}  // namespace eval

#endif  // EVAL_REPORT_ASSETS_H_
