#ifndef CLI_ENCODE_PLACES_H_
#define CLI_ENCODE_PLACES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/encode_arguments.h"

namespace cli {

// What stands for standard input or standard output in place of a path.
inline constexpr char kStandardStream[] = "-";

// What one encode reads, and where it writes.
struct EncodePlace {
  std::string input;
  std::string output;
};

// The inputs, each with its output: -o for one, or a name in --out-dir for each
// of several.  InvalidArgument if the command line does not say, if two outputs
// would have one name, or if there neither is such a folder nor can be one.
absl::StatusOr<std::vector<EncodePlace>> NamePlaces(
    const EncodeArguments& arguments);

// Returns InvalidArgument if something is in the way: an output that exists,
// but for -y, or is an input; a terminal.
absl::Status CheckPlaces(const std::vector<EncodePlace>& places,
                         const EncodeArguments& arguments);

}  // namespace cli

#endif  // CLI_ENCODE_PLACES_H_
