#include "cli/argument_parsers.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace cli {
namespace {

constexpr double kMinBitrateKbps = 1;
constexpr double kMaxBitrateKbps = 1e6;

// Plain decimal numbers only: no "nan", "inf", hexadecimal or blanks.
bool ParseDecimal(absl::string_view text, double* value) {
  const bool is_plain =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.';
      });
  return is_plain && absl::SimpleAtod(text, value) && std::isfinite(*value);
}

// What one kilobit is in the unit that `suffix` names; 0 if none.
double KilobitsPer(char suffix) {
  switch (suffix) {
    case 'k':
    case 'K':
      return 1;
    case 'M':
      return 1e3;
    case 'G':
      return 1e6;
    case 'T':
      return 1e9;
    default:
      return 0;
  }
}

struct ByteUnit {
  absl::string_view name;
  double bytes;
};

constexpr ByteUnit kByteUnits[] = {
    {"kB", 1e3},   {"KB", 1e3},      {"MB", 1e6},         {"GB", 1e9},
    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824},
};

template <typename T>
bool HasRepetition(const std::vector<T>& values) {
  std::vector<T> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

absl::Status Repetition(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' names something twice"));
}

}  // namespace

absl::StatusOr<double> ParseBitrateKbps(absl::string_view text) {
  absl::string_view number = text;
  double kilobits_per_unit = 1e-3;
  if (!number.empty() && KilobitsPer(number.back()) > 0) {
    kilobits_per_unit = KilobitsPer(number.back());
    number.remove_suffix(1);
  }
  double value = 0;
  if (!ParseDecimal(number, &value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text,
                     "' is no bitrate: wanted bits per second, such as 512k "
                     "or 1.5M"));
  }
  const double kbps = value * kilobits_per_unit;
  if (kbps < kMinBitrateKbps || kbps > kMaxBitrateKbps) {
    return absl::InvalidArgumentError(
        absl::StrCat("bitrate '", text,
                     "' is not between 1k (1000 bits per second) and 1G"));
  }
  return kbps;
}

absl::StatusOr<std::vector<double>> ParseBitratesKbps(absl::string_view text) {
  std::vector<double> bitrates;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const absl::StatusOr<double> kbps = ParseBitrateKbps(part);
    if (!kbps.ok()) return kbps.status();
    bitrates.push_back(*kbps);
  }
  if (HasRepetition(bitrates)) return Repetition(text);
  return bitrates;
}

absl::StatusOr<int64_t> ParseBytes(absl::string_view text) {
  constexpr double kMostBytes = 1e12;
  absl::string_view number = text;
  double unit_bytes = 1;
  for (const ByteUnit& unit : kByteUnits) {
    if (absl::ConsumeSuffix(&number, unit.name)) {
      unit_bytes = unit.bytes;
      break;
    }
  }
  double value = 0;
  if (!ParseDecimal(number, &value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text,
                     "' is no file size: wanted bytes, such as 8MB, 1.5MiB, "
                     "500kB or 300000"));
  }
  const double bytes = std::floor(value * unit_bytes);
  if (bytes < 1 || bytes > kMostBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "file size '", text, "' is not between 1 byte and 1000GB"));
  }
  return static_cast<int64_t>(bytes);
}

absl::StatusOr<double> ParseSeconds(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  double seconds = 0;
  bool is_valid = parts.size() <= 3;
  for (const absl::string_view part : parts) {
    double value = 0;
    is_valid = is_valid && ParseDecimal(part, &value);
    seconds = seconds * 60 + value;
  }
  if (!is_valid) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text,
                     "' is no time: wanted seconds or [hours:]minutes:seconds, "
                     "such as 12.5 or 1:30"));
  }
  return seconds;
}

absl::StatusOr<double> ParseDurationSeconds(absl::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) ||
      duration <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is no duration: wanted one such as 90m or 2h30m"));
  }
  return absl::ToDoubleSeconds(duration);
}

absl::StatusOr<PictureSize> ParseSize(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, 'x');
  PictureSize size;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &size.width) ||
      !absl::SimpleAtoi(parts[1], &size.height)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "' is no size: wanted WIDTHxHEIGHT, such as 854x480"));
  }
  if (std::min(size.width, size.height) < 1 ||
      std::max(size.width, size.height) > kMaxPictureSide) {
    return absl::InvalidArgumentError(
        absl::StrCat("size ", text, " is not between 1x1 and ", kMaxPictureSide,
                     "x", kMaxPictureSide));
  }
  return size;
}

absl::StatusOr<std::vector<int>> ParseLevels(absl::string_view text, int min,
                                             int max, absl::string_view name) {
  std::vector<int> levels;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    int level = 0;
    if (!absl::SimpleAtoi(part, &level) || level < min || level > max) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", part, "' is no ", name,
                       ": wanted a whole number in [", min, ", ", max, "]"));
    }
    levels.push_back(level);
  }
  if (HasRepetition(levels)) return Repetition(text);
  return levels;
}

absl::StatusOr<std::vector<std::string>> ParseNames(absl::string_view text) {
  const std::vector<std::string> names = absl::StrSplit(text, ',');
  if (std::find(names.begin(), names.end(), "") != names.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' has an empty name in it"));
  }
  if (HasRepetition(names)) return Repetition(text);
  return names;
}

absl::StatusOr<int> ReadJobs(const std::optional<int>& jobs,
                             absl::string_view flag) {
  constexpr int kMaxJobs = 256;
  const int number = jobs.value_or(
      std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  if (number >= 1 && number <= kMaxJobs) return number;
  return absl::InvalidArgumentError(
      absl::StrCat(flag, " ", number, " is not in [1, ", kMaxJobs, "]"));
}

}  // namespace cli
