#include "selfplay/first_pass_codec.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/sha256.h"
#include "selfplay/stored_bytes.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;

// The order in which the numbers are written.
constexpr std::array<double FirstPassFrameStats::*, 25> kFields = {
    &FirstPassFrameStats::frame,
    &FirstPassFrameStats::weight,
    &FirstPassFrameStats::intra_error,
    &FirstPassFrameStats::coded_error,
    &FirstPassFrameStats::sr_coded_error,
    &FirstPassFrameStats::frame_noise_energy,
    &FirstPassFrameStats::pcnt_inter,
    &FirstPassFrameStats::pcnt_motion,
    &FirstPassFrameStats::pcnt_second_ref,
    &FirstPassFrameStats::pcnt_neutral,
    &FirstPassFrameStats::pcnt_intra_low,
    &FirstPassFrameStats::pcnt_intra_high,
    &FirstPassFrameStats::intra_skip_pct,
    &FirstPassFrameStats::intra_smooth_pct,
    &FirstPassFrameStats::inactive_zone_rows,
    &FirstPassFrameStats::inactive_zone_cols,
    &FirstPassFrameStats::mv_row,
    &FirstPassFrameStats::mv_row_abs,
    &FirstPassFrameStats::mv_col,
    &FirstPassFrameStats::mv_col_abs,
    &FirstPassFrameStats::mv_row_variance,
    &FirstPassFrameStats::mv_col_variance,
    &FirstPassFrameStats::mv_in_out_count,
    &FirstPassFrameStats::duration,
    &FirstPassFrameStats::count,
};
static_assert(sizeof(FirstPassFrameStats) == kFields.size() * sizeof(double));

constexpr size_t kFrameBytes = kFields.size() * sizeof(double);
constexpr StoredFormat kFormat = {
    .tag = "mzfp",
    .version = 1,
    .max_bytes = kMaxFirstPassFrames * kFrameBytes};

// Little-endian, whatever the machine.
void Append(double number, std::string& bytes) {
  uint64_t bits = std::bit_cast<uint64_t>(number);
  for (size_t i = 0; i < sizeof(bits); ++i, bits >>= 8) {
    bytes.push_back(static_cast<char>(bits & 0xff));
  }
}

double NumberAt(absl::string_view bytes, size_t index) {
  uint64_t bits = 0;
  for (size_t i = sizeof(bits); i-- > 0;) {
    bits = bits << 8 | static_cast<uint8_t>(bytes[index * sizeof(bits) + i]);
  }
  return std::bit_cast<double>(bits);
}

absl::Status NotFinite(size_t frame) {
  return absl::InvalidArgumentError(absl::StrCat(
      "first-pass statistics of frame ", frame, " are not finite"));
}

}  // namespace

absl::StatusOr<SerializedFirstPass> SerializeFirstPassStats(
    absl::Span<const FirstPassFrameStats> stats) {
  if (stats.empty()) {
    return absl::InvalidArgumentError("first-pass statistics of no frame");
  }
  // Number by number: those of one kind are alike, and compress better.
  std::string bytes;
  bytes.reserve(stats.size() * kFrameBytes);
  for (double FirstPassFrameStats::*const field : kFields) {
    for (size_t i = 0; i < stats.size(); ++i) {
      if (!std::isfinite(stats[i].*field)) return NotFinite(i);
      Append(stats[i].*field, bytes);
    }
  }
  absl::StatusOr<std::string> packed = PackBytes(kFormat, bytes);
  if (!packed.ok()) return packed.status();
  return SerializedFirstPass{.sha256 = muzero::Sha256Hex(bytes),
                             .bytes = *std::move(packed)};
}

absl::StatusOr<std::vector<FirstPassFrameStats>> ParseFirstPassStats(
    absl::string_view bytes, absl::string_view sha256) {
  const absl::StatusOr<std::string> unpacked = UnpackBytes(kFormat, bytes);
  if (!unpacked.ok()) return unpacked.status();
  if (unpacked->empty() || unpacked->size() % kFrameBytes != 0 ||
      muzero::Sha256Hex(*unpacked) != sha256) {
    return absl::InvalidArgumentError(
        absl::StrCat("these are not the first-pass statistics ", sha256));
  }
  std::vector<FirstPassFrameStats> stats(unpacked->size() / kFrameBytes);
  size_t number = 0;
  for (double FirstPassFrameStats::*const field : kFields) {
    for (size_t i = 0; i < stats.size(); ++i) {
      stats[i].*field = NumberAt(*unpacked, number++);
      if (!std::isfinite(stats[i].*field)) return NotFinite(i);
    }
  }
  return stats;
}

}  // namespace selfplay
