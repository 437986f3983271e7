#ifndef CLI_BIT_DEPTH_H_
#define CLI_BIT_DEPTH_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace CLI {
class App;
}

namespace cli {

// Adds --bit-depth to `verb`; what is typed is stored in `text`.
void AddBitDepthFlag(CLI::App& verb, std::string& text);

// Returns the bits of a sample that `text` asks for, none for those of each
// video.  `codes_ten_bits` says whether libvpx can: if not, auto is 8, and 10
// is FailedPrecondition.  InvalidArgument for any other text.
absl::StatusOr<std::optional<int>> ReadBitDepth(absl::string_view text,
                                                bool codes_ten_bits);

}  // namespace cli

#endif  // CLI_BIT_DEPTH_H_
