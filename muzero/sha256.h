#ifndef MUZERO_SHA256_H_
#define MUZERO_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"

namespace muzero {

// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

}  // namespace muzero

#endif  // MUZERO_SHA256_H_
