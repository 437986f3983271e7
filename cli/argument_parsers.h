#ifndef CLI_ARGUMENT_PARSERS_H_
#define CLI_ARGUMENT_PARSERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cli {

// What people type, as numbers.  Errors are InvalidArgument and say what was
// typed and what was wanted.

// "512k", "1.5M", "300000": bits per second with a decimal suffix, as ffmpeg
// takes them.  Returns kilobits per second, in [1, 1e6].
absl::StatusOr<double> ParseBitrateKbps(absl::string_view text);

// "256k,384k": the same, several, without repetition.
absl::StatusOr<std::vector<double>> ParseBitratesKbps(absl::string_view text);

// "8MB", "1.5MiB", "500kB", "300000": bytes; kB, MB and GB are decimal, KiB,
// MiB and GiB binary.  Returns bytes, in [1, 1e12].
absl::StatusOr<int64_t> ParseBytes(absl::string_view text);

// "12.5", "90", "1:30", "0:01:30.5": returns seconds, at least 0.
absl::StatusOr<double> ParseSeconds(absl::string_view text);

// "90m", "2h30m", "1.5h": a duration above 0.  Returns seconds.
absl::StatusOr<double> ParseDurationSeconds(absl::string_view text);

// `jobs` encodes at once, or one per core if nothing was asked for; in
// [1, 256].  `flag` is what errors call it.
absl::StatusOr<int> ReadJobs(const std::optional<int>& jobs,
                             absl::string_view flag);

// The largest side of a picture that VP9 codes here.
inline constexpr int kMaxPictureSide = 16384;

struct PictureSize {
  int width = 0;
  int height = 0;
};

// "854x480"; both in [1, 16384].
absl::StatusOr<PictureSize> ParseSize(absl::string_view text);

// "10,20,30": whole numbers in [min, max], without repetition; `name` is what
// errors call one of them.
absl::StatusOr<std::vector<int>> ParseLevels(absl::string_view text, int min,
                                             int max, absl::string_view name);

// "a,b": names without repetition.
absl::StatusOr<std::vector<std::string>> ParseNames(absl::string_view text);

}  // namespace cli

#endif  // CLI_ARGUMENT_PARSERS_H_
