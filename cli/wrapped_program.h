#ifndef CLI_WRAPPED_PROGRAM_H_
#define CLI_WRAPPED_PROGRAM_H_

#include <string>

#include "absl/status/statusor.h"

namespace cli {

// Returns the file that `name` is run from, as the shell finds it: in PATH
// unless it has a slash.
//
// NotFound if there is none; PermissionDenied if it is no program, or one that
// takes no preloaded library: linked statically, or set-user-ID.
absl::StatusOr<std::string> FindWrappableProgram(const std::string& name);

}  // namespace cli

#endif  // CLI_WRAPPED_PROGRAM_H_
