#ifndef MUZERO_STRICT_JSON_H_
#define MUZERO_STRICT_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace muzero {

// Parses JSON from a file nobody vouches for: a name given twice and nesting
// deeper than 8 are errors, so that what is read is what is written there and
// memory stays a small multiple of the text.  InvalidArgument otherwise.
absl::StatusOr<nlohmann::json> ParseStrictJson(absl::string_view text);

}  // namespace muzero

#endif  // MUZERO_STRICT_JSON_H_
