#ifndef CLI_INSTALLED_FILE_H_
#define CLI_INSTALLED_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace cli {

// Returns the path of file `name`, which belongs to this program: beside it, as
// a build has it, or in `folder` of where it is installed ("lib/muzero-rc").
// NotFound if it is in neither, with both.
absl::StatusOr<std::string> FindInstalledFile(const std::string& name,
                                              const std::string& folder);

// Returns the path of the trained policy that comes with this program.
// NotFound as above.
absl::StatusOr<std::string> FindShippedModel();

}  // namespace cli

#endif  // CLI_INSTALLED_FILE_H_
