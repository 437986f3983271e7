#ifndef EVAL_REPORT_ASSETS_H_
#define EVAL_REPORT_ASSETS_H_

#include "absl/strings/string_view.h"

// What is a report's own on its page (selfplay/report_page.h), embedded at
// build time (see cmake/EmbedFile.cmake), so that the program needs no folder
// of its own.
namespace eval {

absl::string_view ReportStyle();   // report_template.css
absl::string_view ReportBody();    // report_template.html
absl::string_view ReportScript();  // report_template.js

}  // namespace eval

#endif  // EVAL_REPORT_ASSETS_H_
