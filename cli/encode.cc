#include "cli/encode.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "cli/controllers.h"
#include "cli/encode_arguments.h"
#include "cli/encode_job.h"
#include "cli/encode_request.h"
#include "cli/encoder_flags.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/encode_result.h"
#include "nlohmann/json.hpp"

namespace cli {
namespace {

using encoder_bridge::EncodeResult;
using Clock = std::chrono::steady_clock;

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

std::string ResultLine(const EncodeRequest& request,
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

void PrintResult(const EncodeRequest& request, const EncodeOutcome& outcome,
                 double seconds, bool as_json) {
  const EncodeResult& result = outcome.result;
  const bool has_target = request.controller.levels.empty();
  const double target_kbps = outcome.target_kbps;
  if (as_json) {
    nlohmann::ordered_json json = {{"output", request.output},
                                   {"controller", request.controller.name},
                                   {"frames", result.shown_frames},
                                   {"coded_frames", result.frames.size()},
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
    if (has_target) {
      json["target_bitrate_kbps"] = target_kbps;
      json["overshoot"] =
          encoder_bridge::Overshoot(result.bitrate_kbps, target_kbps);
    }
    if (request.target_bytes) {
      json["target_bytes"] = *request.target_bytes;
      json["tries"] = outcome.tries;
    }
    if (outcome.attempts.size() > 1) {
      json["attempt"] = outcome.attempt + 1;
      json["attempts"] = nlohmann::ordered_json::array();
      for (const encoder_bridge::AttemptResult& attempt : outcome.attempts) {
        json["attempts"].push_back({{"bitrate_kbps", attempt.bitrate_kbps},
                                    {"psnr_db", attempt.mean_psnr_db}});
      }
    }
    if (outcome.planning) {
      json["planning_seconds"] = outcome.planning->planning_seconds;
      json["simulations"] = outcome.planning->simulations;
      json["guard_overrides"] = outcome.planning->guard_overrides;
      json["fallback_frames"] = outcome.planning->fallback_frames;
    }
    std::cout << json.dump(2, ' ', false,
                           nlohmann::json::error_handler_t::replace)
              << std::endl;
    return;
  }
  const bool is_streamed = request.output == kStandardStream;
  (is_streamed ? std::cerr : std::cout)
      << ResultLine(request, outcome, seconds) << std::flush;
}

}  // namespace

CLI::App& AddEncodeVerb(CLI::App& app, EncodeArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "encode", "Encode a video to VP9 at a target bitrate, with its audio");
  verb.add_option("input", arguments.input,
                  "Video to encode: any file that FFmpeg reads, or - for y4m "
                  "from standard input")
      ->required()
      ->type_name("FILE");
  verb.add_option("-o,--output", arguments.output,
                  "File to write: .webm, .mkv, .mp4, or .ivf (no audio); - for "
                  "WebM to standard output")
      ->required()
      ->type_name("FILE");
  CLI::Option* bitrate =
      verb.add_option("--target-bitrate", arguments.target_bitrate,
                      "Bits per second of the video, such as 512k or 1.5M; "
                      "feedback, muzero and libvpx need it, or a size");
  verb.add_option("--target-size", arguments.target_size,
                  "Bytes of the whole file, such as 8MB or 500kB: met within "
                  "1 %, never exceeded; takes some second passes")
      ->excludes(bitrate);
  verb.add_option("--controller", arguments.controller,
                  "Who chooses the quantizer of every frame")
      ->type_name(ControllerNames("|"))
      ->capture_default_str();
  verb.add_option("--attempts", arguments.attempts,
                  "feedback, muzero: encode so often, each time a bit "
                  "otherwise, and keep the best that keeps the target")
      ->capture_default_str();
  verb.add_flag("-y", arguments.overwrite, "Replace files that exist");
  verb.add_flag("--verify", arguments.verify,
                "Decode the finished file whole and check its frames and "
                "duration before it gets its name");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line, no notes");
  verb.add_flag("--json", arguments.print_json,
                "Print the result as one JSON object");
  verb.add_option("--stats", arguments.stats,
                  "Write one JSON line for every coded frame to this file")
      ->type_name("FILE");
  verb.add_option("--threads", arguments.threads,
                  "Threads of libvpx; the output is the same for any number "
                  "(default: one per core, at most 16)");

  const char* const picture = "Picture and time";
  CLI::Option* size =
      verb.add_option("--size", arguments.size, "Scale to WIDTHxHEIGHT")
          ->group(picture);
  verb.add_option("--height", arguments.height,
                  "Scale to this height, keeping the picture's shape")
      ->excludes(size)
      ->group(picture);
  verb.add_option("--start", arguments.start,
                  "Skip to this time: seconds or [hh:]mm:ss")
      ->group(picture);
  verb.add_option("--duration", arguments.duration,
                  "Encode no more than this time")
      ->group(picture);
  verb.add_option("--frames", arguments.frames,
                  "Encode no more than this many frames")
      ->group(picture);

  const char* const sound = "Audio";
  verb.add_option("--audio", arguments.audio,
                  "auto: Opus and Vorbis copied, all else coded as Opus; copy, "
                  "opus: all so; none: left out")
      ->type_name("auto|copy|opus|none")
      ->capture_default_str()
      ->group(sound);
  verb.add_option("--audio-bitrate", arguments.audio_bitrate,
                  "Bits per second of each audio stream that is coded, 6k to "
                  "510k (default: 64k mono, 128k stereo, 256k 5.1)")
      ->group(sound);

  AddPolicyFlags(verb, arguments.controller_options);
  AddConstantQFlags(verb, arguments.controller_options);
  verb.add_option("--q-index", arguments.q_index,
                  "constant-q: q_index of inter frames, 1 to 255 "
                  "(default: 128)")
      ->group(kControllerGroup);
  verb.add_option("--cq-level", arguments.cq_level,
                  "libvpx-q: quality level, 0 (best) to 63 (default: 32)")
      ->group(kControllerGroup);
  AddEncoderFlags(verb, arguments.settings);
  verb.footer(
      "Examples:\n"
      "  muzero-rc encode in.mp4 -o out.webm --target-bitrate 512k\n"
      "  muzero-rc encode in.mp4 -o out.webm --target-bitrate 1M --height 480 "
      "--cpu-used 2\n"
      "  muzero-rc encode in.mp4 -o out.webm --target-size 8MB\n"
      "  muzero-rc encode in.mkv -o out.mp4 --target-bitrate 1M --audio opus "
      "--audio-bitrate 96k\n"
      "  muzero-rc encode in.mp4 -o out.webm --target-bitrate 512k "
      "--controller muzero --model policy.safetensors\n"
      "  ffmpeg -i in.mp4 -f yuv4mpegpipe - | muzero-rc encode - -o - "
      "--target-bitrate 512k > out.webm\n"
      "  muzero-rc encode in.mp4 -o out.webm --controller constant-q "
      "--q-index 120 --key-offset 60");
  return verb;
}

int RunEncode(const EncodeArguments& arguments, StopSignal& stop) {
  const Clock::time_point start = Clock::now();
  const absl::StatusOr<EncodeRequest> request = UnderstandEncode(arguments);
  if (!request.ok()) {
    PrintError(request.status().message());
    return absl::IsFailedPrecondition(request.status()) ? kFailure : kUsage;
  }
  const bool is_streamed = request->output == kStandardStream;
  // Whoever reads may close the pipe, which is then an error like others.
  if (is_streamed) std::signal(SIGPIPE, SIG_IGN);
  const absl::StatusOr<EncodeOutcome> outcome = RunEncodeJob(*request, stop);
  if (outcome.ok()) {
    PrintResult(*request, *outcome,
                std::chrono::duration<double>(Clock::now() - start).count(),
                arguments.print_json);
    return kSuccess;
  }
  if (absl::IsCancelled(outcome.status())) {
    PrintError(is_streamed ? "interrupted: the output is cut short"
                           : "interrupted: nothing was written");
    return kSignalBase + stop.signal();
  }
  PrintError(outcome.status().message());
  return kFailure;
}

}  // namespace cli
