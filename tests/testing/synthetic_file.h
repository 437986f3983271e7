#ifndef TESTS_TESTING_SYNTHETIC_FILE_H_
#define TESTS_TESTING_SYNTHETIC_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "tests/testing/synthetic_clip.h"

namespace testing_support {

// Writes a synthetic clip to `path` as a WebM of high quality.
absl::Status WriteSyntheticFile(const std::string& path,
                                const SyntheticClipOptions& options);

}  // namespace testing_support

#endif  // TESTS_TESTING_SYNTHETIC_FILE_H_
