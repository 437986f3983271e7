#include "encoder_bridge/video_reader_options.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {
namespace {

constexpr int kMaxSide = 65535;  // VP9's largest picture, as libvpx has it.

}  // namespace

absl::Status Validate(const VideoReaderOptions& options) {
  for (const int side : {options.width, options.height}) {
    if (side < 0 || side > kMaxSide) {
      return absl::InvalidArgumentError(
          absl::StrCat("picture side ", side, " is not in [0, 65535]"));
    }
  }
  if (!std::isfinite(options.start_seconds) || options.start_seconds < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "start ", options.start_seconds, " s is not a time from 0 on"));
  }
  if (options.duration_seconds.has_value() &&
      !(*options.duration_seconds > 0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "duration ", *options.duration_seconds, " s is not above 0"));
  }
  if (options.max_frames.has_value() && *options.max_frames < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("frame limit ", *options.max_frames, " is below 1"));
  }
  if (options.bit_depth.value_or(8) != 8 && options.bit_depth != 10) {
    return absl::InvalidArgumentError(
        absl::StrCat("bit depth ", *options.bit_depth, " is not 8 or 10"));
  }
  if (options.decoder_threads < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "decoder threads ", options.decoder_threads, " are below 0"));
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
