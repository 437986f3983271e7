#include "selfplay/first_pass_file.h"

#include <exception>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "muzero/sha256.h"
#include "nlohmann/json.hpp"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassResult;

constexpr char kFormat[] = "muzero-rc first pass 1";

// Of the whole file: the numbers of the header as they are written there, and
// the statistics.
std::string Digest(nlohmann::ordered_json header, absl::string_view stats) {
  header.erase("sha256");
  return muzero::Sha256Hex(absl::StrCat(header.dump(), "\n", stats));
}

}  // namespace

std::string SerializeFirstPass(const FirstPassResult& result,
                               absl::string_view key) {
  nlohmann::ordered_json header = {
      {"format", kFormat},
      {"key", std::string(key)},
      {"width", result.width},
      {"height", result.height},
      {"num_frames", result.num_frames},
      {"duration_seconds", result.duration_seconds},
      {"min_q_index", result.min_q_index},
      {"seconds", result.seconds}};
  header["sha256"] = Digest(header, result.stats);
  return absl::StrCat(header.dump(), "\n", result.stats);
}

absl::StatusOr<FirstPassResult> ParseFirstPass(absl::string_view bytes,
                                               absl::string_view key) {
  const absl::Status damaged =
      absl::DataLossError("the file is no first pass of this clip");
  const size_t line_end = bytes.find('\n');
  if (line_end == absl::string_view::npos) return damaged;
  const absl::string_view line = bytes.substr(0, line_end);
  try {
    const auto header = nlohmann::ordered_json::parse(line.begin(), line.end());
    FirstPassResult result = {
        .stats = std::string(bytes.substr(line_end + 1)),
        .width = header.at("width").get<int>(),
        .height = header.at("height").get<int>(),
        .num_frames = header.at("num_frames").get<int>(),
        .duration_seconds = header.at("duration_seconds").get<double>(),
        .min_q_index = header.at("min_q_index").get<int>(),
        .seconds = header.at("seconds").get<double>()};
    if (header.at("format").get<std::string>() != kFormat ||
        header.at("key").get<std::string>() != key ||
        header.at("sha256").get<std::string>() !=
            Digest(header, result.stats)) {
      return damaged;
    }
    return result;
  } catch (const std::exception&) {  // Of the JSON library.
    return damaged;
  }
}

}  // namespace selfplay
