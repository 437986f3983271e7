#include "cli/encode_report.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "cli/encode_outcome.h"
#include "cli/encode_places.h"
#include "cli/encode_request.h"
#include "cli/media_output.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/encode_result.h"
#include "nlohmann/json.hpp"

namespace cli {
namespace {

using encoder_bridge::EncodeResult;

nlohmann::ordered_json AudioJson(const std::vector<AudioOutcome>& audio) {
  nlohmann::ordered_json tracks = nlohmann::ordered_json::array();
  for (const AudioOutcome& track : audio) {
    nlohmann::ordered_json json = {{"index", track.stream_index},
                                   {"codec", track.codec},
                                   {"source_codec", track.source_codec},
                                   {"copied", track.is_copied},
                                   {"language", nullptr},
                                   {"channels", track.channels},
                                   {"bytes", track.bytes},
                                   {"bitrate_kbps", track.bitrate_kbps}};
    if (!track.language.empty()) json["language"] = track.language;
    tracks.push_back(std::move(json));
  }
  return tracks;
}

// Such as ", audio opus 128.1 kbit/s (eng)"; nothing without audio.
std::string AudioText(const std::vector<AudioOutcome>& audio) {
  std::string text;
  for (const AudioOutcome& track : audio) {
    absl::StrAppendFormat(&text, ", audio %s %.1f kbit/s", track.codec,
                          track.bitrate_kbps);
    if (!track.language.empty()) {
      absl::StrAppendFormat(&text, " (%s)", track.language);
    }
  }
  return text;
}

}  // namespace

nlohmann::ordered_json EncodeJson(const EncodeRequest& request,
                                  const EncodeOutcome& outcome,
                                  double seconds) {
  const EncodeResult& result = outcome.result;
  nlohmann::ordered_json json = {{"output", request.output},
                                 {"controller", request.controller.name},
                                 {"frames", result.shown_frames},
                                 {"coded_frames", result.frames.size()},
                                 {"bit_depth", outcome.bit_depth},
                                 {"bytes", result.packet_bytes},
                                 {"file_bytes", outcome.file_bytes},
                                 {"bitrate_kbps", result.bitrate_kbps},
                                 {"target_bitrate_kbps", nullptr},
                                 {"overshoot", nullptr},
                                 {"psnr_db",
                                  {{"mean", result.psnr.mean_db},
                                   {"global", result.psnr.global_db},
                                   {"y", result.psnr.y_db}}},
                                 {"audio", AudioJson(outcome.audio)},
                                 {"verified", request.verify},
                                 {"seconds", seconds}};
  if (request.controller.levels.empty()) {
    json["target_bitrate_kbps"] = outcome.target_kbps;
    json["overshoot"] =
        encoder_bridge::Overshoot(result.bitrate_kbps, outcome.target_kbps);
  }
  if (request.target_bytes) {
    json["target_bytes"] = *request.target_bytes;
    json["tries"] = outcome.tries;
  }
  if (request.chunks != 1) json["chunks"] = outcome.chunks;
  if (outcome.attempts.size() > 1) {
    json["attempt"] = outcome.attempt + 1;
    json["attempts"] = nlohmann::ordered_json::array();
    for (const encoder_bridge::AttemptResult& attempt : outcome.attempts) {
      json["attempts"].push_back({{"bitrate_kbps", attempt.bitrate_kbps},
                                  {"psnr_db", attempt.mean_psnr_db},
                                  {"cpu_used", attempt.cpu_used}});
    }
  }
  if (request.controller.effort > 1) {
    json["effort"] = request.controller.effort;
  }
  if (outcome.planning) {
    json["planning_seconds"] = outcome.planning->planning_seconds;
    json["simulations"] = outcome.planning->simulations;
    json["guard_overrides"] = outcome.planning->guard_overrides;
    json["fallback_frames"] = outcome.planning->fallback_frames;
  }
  return json;
}

std::string EncodeLine(const EncodeRequest& request,
                       const EncodeOutcome& outcome, double seconds) {
  const EncodeResult& result = outcome.result;
  const bool is_streamed = request.output == kStandardStream;
  std::string line = absl::StrFormat(
      "%s: %d frames, %d bytes, %.1f kbit/s",
      is_streamed ? "standard output" : request.output, result.shown_frames,
      result.packet_bytes, result.bitrate_kbps);
  if (request.target_bytes) {
    absl::StrAppendFormat(
        &line, ", file %d bytes (target %d, %+.2f %%)", outcome.file_bytes,
        *request.target_bytes,
        100 * (static_cast<double>(outcome.file_bytes) /
                   static_cast<double>(*request.target_bytes) -
               1));
  } else if (request.controller.levels.empty()) {
    absl::StrAppendFormat(
        &line, " (target %.1f, %+.2f %%)", outcome.target_kbps,
        100 * (result.bitrate_kbps / outcome.target_kbps - 1));
  }
  absl::StrAppendFormat(&line, ", PSNR %.2f dB%s, %.1f s\n",
                        result.psnr.mean_db, AudioText(outcome.audio), seconds);
  return line;
}

std::string JsonText(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace cli
