#ifndef ENCODER_BRIDGE_TEMPORARY_FILE_H_
#define ENCODER_BRIDGE_TEMPORARY_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace encoder_bridge {

// The folder for temporary files: $TMPDIR, or /tmp.  NotFound if there is none.
absl::StatusOr<std::string> TemporaryFolder();

// Opens a new file there to read and write, without a name, so that it goes
// when it is closed, however the process ends.  Returns its descriptor, which
// is the caller's.
//
// Errors: TemporaryFolder()'s; ResourceExhausted, PermissionDenied, Unknown.
absl::StatusOr<int> OpenTemporaryFile();

// Makes an empty file there, for other processes to open by its absolute path,
// which is returned.  The caller removes it.  Errors: as above.
absl::StatusOr<std::string> MakeTemporaryFile();

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_TEMPORARY_FILE_H_
