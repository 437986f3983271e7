#ifndef SELFPLAY_TRAINING_REPORT_ASSETS_H_
#define SELFPLAY_TRAINING_REPORT_ASSETS_H_

#include "absl/strings/string_view.h"

// What is the training report's own on its page, embedded at build time (see
// cmake/EmbedFile.cmake).
namespace selfplay {

absl::string_view TrainingReportStyle();   // training_report.css
absl::string_view TrainingReportBody();    // training_report.html
absl::string_view TrainingReportScript();  // training_report.js

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_REPORT_ASSETS_H_
