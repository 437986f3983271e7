#ifndef SELFPLAY_STORED_BYTES_H_
#define SELFPLAY_STORED_BYTES_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selfplay {

// How a kind of bytes is wrapped for keeping:
//
//   tag (4 bytes)  version (1 byte)  one zstd frame with its checksum and size
struct StoredFormat {
  absl::string_view tag;  // 4 bytes: what it is.
  char version = 1;       // Of what is inside.
  size_t max_bytes = 0;   // Of what is inside, unpacked.
};

// InvalidArgument if `bytes` is longer than `format` allows.
absl::StatusOr<std::string> PackBytes(const StoredFormat& format,
                                      absl::string_view bytes);

// What PackBytes() was given.  Takes no more memory than `format` allows,
// whatever is in `packed`.
// InvalidArgument if it is something else, longer, or damaged.
absl::StatusOr<std::string> UnpackBytes(const StoredFormat& format,
                                        absl::string_view packed);

}  // namespace selfplay

#endif  // SELFPLAY_STORED_BYTES_H_
