#ifndef SELFPLAY_PLAIN_TEXT_H_
#define SELFPLAY_PLAIN_TEXT_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selfplay {

// Whether `text` is what every database takes as text: UTF-8 [RFC 3629]
// without the character 0.
bool IsPlainText(absl::string_view text);

// InvalidArgument, naming `field`, unless `text` is plain and has `min_bytes`
// to `max_bytes` bytes.
absl::Status CheckPlainText(absl::string_view field, absl::string_view text,
                            size_t min_bytes, size_t max_bytes);

}  // namespace selfplay

#endif  // SELFPLAY_PLAIN_TEXT_H_
