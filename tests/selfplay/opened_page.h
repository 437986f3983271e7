#ifndef TESTS_SELFPLAY_OPENED_PAGE_H_
#define TESTS_SELFPLAY_OPENED_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace testing_support {

// The page `html` as it is once its scripts have run, in headless Chromium with
// a profile of its own.  `fragment` is the end of its address, such as "#all".
// Fails the test if there is no Chromium, it fails, or a script throws.
//
// With KEEP_REPORTS in the environment page and profile stay in the test's
// temporary folder.
std::string OpenedPage(absl::string_view html, const std::string& fragment);

}  // namespace testing_support

#endif  // TESTS_SELFPLAY_OPENED_PAGE_H_
