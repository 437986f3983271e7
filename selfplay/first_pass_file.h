#ifndef SELFPLAY_FIRST_PASS_FILE_H_
#define SELFPLAY_FIRST_PASS_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace selfplay {

// What a first pass left, as bytes to keep: one line of JSON, then libvpx's
// statistics as they are.  `key` says what it is of.
std::string SerializeFirstPass(const encoder_bridge::FirstPassResult& result,
                               absl::string_view key);

// DataLoss if `bytes` are damaged, cut short, or of anything but `key`.
absl::StatusOr<encoder_bridge::FirstPassResult> ParseFirstPass(
    absl::string_view bytes, absl::string_view key);

}  // namespace selfplay

#endif  // SELFPLAY_FIRST_PASS_FILE_H_
