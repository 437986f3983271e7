#ifndef SELFPLAY_REPORT_PAGE_H_
#define SELFPLAY_REPORT_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace selfplay {

// What is a report's own on the page that reports share.
struct PageParts {
  absl::string_view title;
  absl::string_view style;   // CSS after the shared one.
  absl::string_view body;    // HTML of <header> and <main>.
  absl::string_view script;  // After report_page.js; ends with finishPage().
};

// One HTML page that carries its data, its scripts and Chart.js, and fetches
// nothing.  The scripts find `data` under that name.  Nothing in it is taken
// for HTML or script; text that is not UTF-8 has the offending bytes replaced.
//
// Charts are drawn when they come into view; all at once when the page's
// address ends in #all.  The root element tells how far it is: data-charts (how
// many there are) and data-charts-drawn (how many are drawn and not blank).
std::string RenderPage(const PageParts& parts,
                       const nlohmann::ordered_json& data);

}  // namespace selfplay

#endif  // SELFPLAY_REPORT_PAGE_H_
