#ifndef MUZERO_WHOLE_FILE_H_
#define MUZERO_WHOLE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace muzero {

// The bytes of the file at `path`.
//
// Errors name `path`: NotFound if there is none, PermissionDenied,
// InvalidArgument if it is a folder or a device, ResourceExhausted if it has
// more than `max_bytes`, Unknown for what else the system says.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                          int64_t max_bytes);

// Makes the file at `path` have `bytes`, at once: they are written beside it
// and on the disk before they get its name, so that even after a crash `path`
// has the old bytes or the new.  On an error nothing stays behind.  One writer
// for a path at a time.
//
// Errors name `path` and the reason.
absl::Status WriteWholeFile(absl::string_view bytes, const std::string& path);

}  // namespace muzero

#endif  // MUZERO_WHOLE_FILE_H_
