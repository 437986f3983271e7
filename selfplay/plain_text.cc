#include "selfplay/plain_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace selfplay {
namespace {

// Bytes of the character that begins with `lead`; 0: none begins so.
size_t CharacterBytes(uint8_t lead) {
  if (lead == 0) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

// Whether the second byte goes with the first: no overlong forms, surrogates
// or characters above U+10FFFF.
bool IsSecondByte(uint8_t lead, uint8_t second) {
  const uint8_t lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const uint8_t highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return second >= lowest && second <= highest;
}

}  // namespace

bool IsPlainText(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t bytes = CharacterBytes(lead);
    if (bytes == 0 || bytes > text.size() - i) return false;
    if (bytes > 1 && !IsSecondByte(lead, static_cast<uint8_t>(text[i + 1]))) {
      return false;
    }
    for (size_t k = 2; k < bytes; ++k) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += bytes;
  }
  return true;
}

absl::Status CheckPlainText(absl::string_view field, absl::string_view text,
                            size_t min_bytes, size_t max_bytes) {
  if (text.size() < min_bytes || text.size() > max_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(field, " has ", text.size(),
                                                   " bytes, wanted ", min_bytes,
                                                   " to ", max_bytes));
  }
  if (!IsPlainText(text)) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, " is not UTF-8 text"));
  }
  return absl::OkStatus();
}

}  // namespace selfplay
