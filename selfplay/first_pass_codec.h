#ifndef SELFPLAY_FIRST_PASS_CODEC_H_
#define SELFPLAY_FIRST_PASS_CODEC_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// Of an episode's shown frames; see kMaxEpisodeSteps.
inline constexpr size_t kMaxFirstPassFrames = 65'536;

// First-pass statistics as they are kept.
struct SerializedFirstPass {
  // Of the numbers, not of `bytes`: equal statistics have the same name,
  // whatever compresses them.
  std::string sha256;
  std::string bytes;
};

// InvalidArgument if there are none, or too many, or a number is not finite.
absl::StatusOr<SerializedFirstPass> SerializeFirstPassStats(
    absl::Span<const encoder_bridge::FirstPassFrameStats> stats);

// The same statistics, bit for bit.
// InvalidArgument if `bytes` are no such thing or not of that SHA-256.
absl::StatusOr<std::vector<encoder_bridge::FirstPassFrameStats>>
ParseFirstPassStats(absl::string_view bytes, absl::string_view sha256);

}  // namespace selfplay

#endif  // SELFPLAY_FIRST_PASS_CODEC_H_
