#ifndef SELFPLAY_REPORT_PAGE_ASSETS_H_
#define SELFPLAY_REPORT_PAGE_ASSETS_H_

#include "absl/strings/string_view.h"

// The files that all report pages share, embedded at build time (see
// cmake/EmbedFile.cmake).
namespace selfplay {

absl::string_view ChartJs();       // Chart.js, minified, with its notice.
absl::string_view PageStyle();     // report_page.css
absl::string_view PageTemplate();  // report_page.html
absl::string_view PageScript();    // report_page.js

}  // namespace selfplay

#endif  // SELFPLAY_REPORT_PAGE_ASSETS_H_
