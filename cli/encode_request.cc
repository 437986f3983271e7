#include "cli/encode_request.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/argument_parsers.h"
#include "cli/bit_depth.h"
#include "cli/controllers.h"
#include "cli/encode_arguments.h"
#include "cli/encode_places.h"
#include "encoder_bridge/audio_tracks.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/video_reader.h"
#include "encoder_bridge/vpx_encoder.h"
#include "eval/sweep_controller.h"

namespace cli {
namespace {

using encoder_bridge::AudioMode;
using encoder_bridge::AudioOptions;
using encoder_bridge::Container;
using encoder_bridge::VideoReaderOptions;

constexpr int kMostDefaultThreads = 16;
constexpr int kDefaultCqLevel = 32;
constexpr int kDefaultQIndex = 128;
constexpr int kMostChunks = 64;

absl::StatusOr<AudioMode> ParseAudioMode(absl::string_view text) {
  if (text == "auto") return AudioMode::kAuto;
  if (text == "copy") return AudioMode::kCopy;
  if (text == "opus") return AudioMode::kOpus;
  if (text == "none") return AudioMode::kNone;
  return absl::InvalidArgumentError(
      absl::StrCat("--audio ", text, " is not one of auto, copy, opus, none"));
}

absl::Status ReadAudioBitrate(absl::string_view text, AudioOptions& audio) {
  constexpr double kLowestKbps = 6;  // Opus's limits.
  constexpr double kHighestKbps = 510;
  const absl::StatusOr<double> kbps = ParseBitrateKbps(text);
  if (!kbps.ok()) return kbps.status();
  if (*kbps < kLowestKbps || *kbps > kHighestKbps) {
    return absl::InvalidArgumentError(
        absl::StrCat("--audio-bitrate ", text, " is not in [6k, 510k]"));
  }
  if (audio.mode == AudioMode::kCopy || audio.mode == AudioMode::kNone) {
    return absl::InvalidArgumentError(
        absl::StrCat("--audio-bitrate is for audio that is coded: it goes with "
                     "--audio auto or opus"));
  }
  audio.bits_per_second = std::llround(*kbps * 1000);
  return absl::OkStatus();
}

absl::Status ReadAudioFlags(const EncodeArguments& arguments,
                            const std::string& output, AudioOptions& audio) {
  const std::optional<Container> container =
      output == kStandardStream ? Container::kWebm
                                : encoder_bridge::ContainerOf(output);
  if (!container) {
    return absl::InvalidArgumentError(absl::StrCat(
        "output ", output, ": its name must end in .webm, .mkv, .mp4 or .ivf"));
  }
  audio.container = *container;
  const absl::StatusOr<AudioMode> mode = ParseAudioMode(arguments.audio);
  if (!mode.ok()) return mode.status();
  audio.mode = *mode;
  if (!encoder_bridge::HoldsAudio(audio.container) &&
      (audio.mode == AudioMode::kCopy || audio.mode == AudioMode::kOpus)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "output ", output, ": ", encoder_bridge::NameOf(audio.container),
        " holds no audio, so --audio ", arguments.audio, " cannot be had"));
  }
  if (!arguments.audio_bitrate) return absl::OkStatus();
  return ReadAudioBitrate(*arguments.audio_bitrate, audio);
}

absl::Status ReadPictureFlags(const EncodeArguments& arguments,
                              VideoReaderOptions& reader) {
  if (arguments.size) {
    const absl::StatusOr<PictureSize> size = ParseSize(*arguments.size);
    if (!size.ok()) return size.status();
    reader.width = size->width;
    reader.height = size->height;
  }
  if (arguments.height) {
    if (*arguments.height < 1 || *arguments.height > kMaxPictureSide) {
      return absl::InvalidArgumentError(
          absl::StrCat("height ", *arguments.height, " is not in [1, ",
                       kMaxPictureSide, "]"));
    }
    reader.height = *arguments.height;
  }
  if (arguments.start) {
    const absl::StatusOr<double> start = ParseSeconds(*arguments.start);
    if (!start.ok()) return start.status();
    reader.start_seconds = *start;
  }
  if (arguments.duration) {
    const absl::StatusOr<double> duration = ParseSeconds(*arguments.duration);
    if (!duration.ok()) return duration.status();
    if (*duration <= 0) {
      return absl::InvalidArgumentError("--duration 0 leaves nothing to code");
    }
    reader.duration_seconds = *duration;
  }
  if (arguments.frames && *arguments.frames < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--frames ", *arguments.frames, " is not at least 1"));
  }
  reader.max_frames = arguments.frames;
  const auto bit_depth =
      ReadBitDepth(arguments.bit_depth, encoder_bridge::LibvpxCodesTenBits());
  if (!bit_depth.ok()) return bit_depth.status();
  reader.bit_depth = *bit_depth;
  reader.decoder_threads = 0;
  return absl::OkStatus();
}

// Whom users get who name no controller: muzero, but where only feedback does
// what they ask for.
std::string ControllerOf(const EncodeArguments& arguments) {
  if (arguments.controller) return *arguments.controller;
  const bool needs_feedback = arguments.chunks != "1" || arguments.effort > 1;
  return needs_feedback ? "feedback" : "muzero";
}

absl::Status ReadChunks(const EncodeArguments& arguments,
                        EncodeRequest& request) {
  request.chunks.reset();
  if (arguments.chunks != "auto") {
    int chunks = 0;
    if (!absl::SimpleAtoi(arguments.chunks, &chunks) || chunks < 1 ||
        chunks > kMostChunks) {
      return absl::InvalidArgumentError(
          absl::StrCat("--chunks ", arguments.chunks,
                       " is not auto or a number from 1 to ", kMostChunks));
    }
    request.chunks = chunks;
  }
  const std::string& controller = request.controller.name;
  if (request.chunks != 1 && controller != "feedback" &&
      controller != "constant-q") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--chunks is for the controllers feedback and constant-q: ", controller,
        " encodes a video as a whole"));
  }
  if (request.chunks != 1 && arguments.effort > 1) {
    return absl::InvalidArgumentError(
        "--chunks and --effort cannot be had together: each uses all cores in "
        "its own way");
  }
  return absl::OkStatus();
}

absl::Status ReadTargets(const EncodeArguments& arguments,
                         EncodeRequest& request) {
  const bool has_target = request.controller.levels.empty();
  if (arguments.target_bitrate) {
    const auto kbps = ParseBitrateKbps(*arguments.target_bitrate);
    if (!kbps.ok()) return kbps.status();
    request.target_kbps = *kbps;
  } else if (arguments.target_size) {
    if (!has_target) {
      return absl::InvalidArgumentError(
          absl::StrCat("--target-size needs a controller that aims at a "
                       "bitrate, such as feedback: ",
                       request.controller.name, " does not"));
    }
    const auto bytes = ParseBytes(*arguments.target_size);
    if (!bytes.ok()) return bytes.status();
    request.target_bytes = *bytes;
  } else if (has_target) {
    return absl::InvalidArgumentError(
        absl::StrCat("controller ", request.controller.name,
                     " needs --target-bitrate, such as 512k, or --target-size, "
                     "such as 8MB"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<EncodeRequest>> UnderstandEncode(
    const EncodeArguments& arguments) {
  const absl::StatusOr<std::vector<EncodePlace>> places = NamePlaces(arguments);
  if (!places.ok()) return places.status();
  const absl::StatusOr<int> jobs =
      ReadJobs(arguments.jobs.value_or(1), "--jobs");
  if (!jobs.ok()) return jobs.status();
  EncodeRequest request = {.stats = arguments.stats,
                           .report = arguments.report,
                           .report_libvpx = arguments.report_libvpx,
                           .settings = arguments.settings,
                           .verify = arguments.verify,
                           .quiet = arguments.quiet || arguments.out_dir};
  ControllerOptions options = arguments.controller_options;
  options.kf_max_dist = arguments.settings.kf_max_dist;
  options.record_plans =
      arguments.stats.has_value() || arguments.report.has_value();
  absl::StatusOr<eval::SweepController> controller =
      MakeController(ControllerOf(arguments), options);
  if (!controller.ok()) return controller.status();
  request.controller = *std::move(controller);
  absl::Status status = SetAttempts(arguments.attempts, request.controller);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--attempts: ", status.message()));
  }
  status = SetEffort(arguments.effort, request.controller);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--effort: ", status.message()));
  }
  status = ReadChunks(arguments, request);
  if (status.ok()) status = ReadTargets(arguments, request);
  if (!status.ok()) return status;
  if (arguments.report_libvpx && (!request.controller.levels.empty() ||
                                  request.controller.name == "libvpx")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--report-libvpx compares controllers that aim at a bitrate with "
        "libvpx, not ",
        request.controller.name));
  }
  request.settings.threads = arguments.threads.value_or(
      std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / *jobs,
                 1, kMostDefaultThreads));
  const bool is_constant_quality =
      request.controller.mode ==
      encoder_bridge::RateControlMode::kConstantQuality;
  request.level = is_constant_quality
                      ? arguments.cq_level.value_or(kDefaultCqLevel)
                      : arguments.q_index.value_or(kDefaultQIndex);
  status = CheckLevel(request.controller, request.level);
  if (status.ok()) status = request.settings.Validate();
  if (status.ok()) status = ReadPictureFlags(arguments, request.reader);
  if (status.ok()) {
    status = ReadAudioFlags(arguments, places->front().output, request.audio);
  }
  if (status.ok()) status = CheckPlaces(*places, arguments);
  if (!status.ok()) return status;
  std::vector<EncodeRequest> requests;
  for (const EncodePlace& place : *places) {
    request.input = place.input;
    request.output = place.output;
    requests.push_back(request);
  }
  return requests;
}

}  // namespace cli
