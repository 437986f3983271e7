#ifndef CLI_LESSON_REPORT_H_
#define CLI_LESSON_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "selfplay/teacher.h"

namespace cli {

// What a search came to, as one JSON object: "clip", "target_kbps",
// "encodes_spent", "seconds", and "encodes", a list of "what", "bitrate_kbps"
// and "psnr_db", the best last.
std::string LessonReportJson(const selfplay::Lesson& lesson,
                             const std::string& clip);

// A table for people: for every controller and round of search on the way, its
// BD-rate against libvpx's own rate control over the clips with four targets
// at least, the encode nearest to each target counting, and what it cost.
// DataLoss if one of `reports` is no LessonReportJson().
absl::StatusOr<std::string> LessonSummary(
    const std::vector<std::string>& reports);

}  // namespace cli

#endif  // CLI_LESSON_REPORT_H_
