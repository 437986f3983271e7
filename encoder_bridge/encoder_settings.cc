#include "encoder_bridge/encoder_settings.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {

absl::Status EncoderSettings::Validate() const {
  const struct {
    const char* name;
    std::optional<int> value;
    int min;
    int max;
  } kRanges[] = {
      {"cpu-used", cpu_used, 0, 8},
      {"lag-in-frames", lag_in_frames, 0, 25},
      {"auto-alt-ref", auto_alt_ref, 0, 1},
      {"threads", threads, 1, 64},
      {"tile-columns", tile_columns, 0, 6},
      {"tile-rows", tile_rows, 0, 2},
      {"kf-max-dist", kf_max_dist, 0, 1 << 20},
      {"kf-min-dist", kf_min_dist, 0, 1 << 20},
      {"frame-parallel", frame_parallel, 0, 1},
      {"aq-mode", aq_mode, 0, 4},
      {"arnr-maxframes", arnr_maxframes, 0, 15},
      {"arnr-strength", arnr_strength, 0, 6},
      {"tune-content", tune_content, 0, 2},
  };
  for (const auto& range : kRanges) {
    if (range.value && (*range.value < range.min || *range.value > range.max)) {
      return absl::InvalidArgumentError(
          absl::StrCat(range.name, " ", *range.value, " is not in [", range.min,
                       ", ", range.max, "]"));
    }
  }
  // libvpx accepts only kf_min_dist equal to 0 or to kf_max_dist.
  if (kf_min_dist.value_or(0) != 0 && kf_min_dist != kf_max_dist) {
    return absl::InvalidArgumentError(
        absl::StrCat("kf-min-dist ", *kf_min_dist,
                     " is neither 0 nor equal to kf-max-dist"));
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
