#include "cli/encode.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/argument_parsers.h"
#include "cli/controllers.h"
#include "cli/encoder_flags.h"
#include "cli/exit_status.h"
#include "cli/frame_stats.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "encoder_bridge/webm_writer.h"
#include "eval/rate_sweep.h"
#include "eval/sweep_controller.h"
#include "nlohmann/json.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using encoder_bridge::EncodeProgress;
using encoder_bridge::EncodeResult;
using encoder_bridge::EncoderSettings;
using encoder_bridge::FirstPassResult;
using encoder_bridge::PendingFile;
using encoder_bridge::RateController;
using encoder_bridge::VideoReader;
using encoder_bridge::VideoReaderOptions;
using encoder_bridge::WebmWriter;
using Clock = std::chrono::steady_clock;

constexpr int kMostDefaultThreads = 16;
constexpr int kDefaultCqLevel = 32;
constexpr int kDefaultQIndex = 128;
// libvpx places GOPs by a target even where the quantizers are given.
constexpr double kDefaultTargetKbps = 512;

// The command line, understood.
struct Request {
  std::string input;
  std::string output;
  std::optional<std::string> stats;
  eval::SweepController controller;
  int level = 0;
  std::optional<double> target_kbps;
  EncoderSettings settings;
  VideoReaderOptions reader;
};

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error) ||
         fs::weakly_canonical(fs::absolute(a, error), error) ==
             fs::weakly_canonical(fs::absolute(b, error), error);
}

absl::Status CheckOutput(const EncodeArguments& arguments,
                         const std::string& path) {
  if (IsSameFile(path, arguments.input)) {
    return absl::InvalidArgumentError(
        absl::StrCat("output ", path, " is the input: choose another name"));
  }
  std::error_code error;
  if (!arguments.overwrite &&
      (fs::is_regular_file(path, error) || fs::is_symlink(path, error))) {
    return absl::InvalidArgumentError(
        absl::StrCat("output ", path, " exists: pass -y to replace it"));
  }
  return absl::OkStatus();
}

absl::Status CheckOutputs(const EncodeArguments& arguments) {
  if (!absl::EndsWithIgnoreCase(arguments.output, ".webm")) {
    return absl::InvalidArgumentError(
        absl::StrCat("output ", arguments.output,
                     " is not a WebM file: its name must end in .webm"));
  }
  absl::Status status = CheckOutput(arguments, arguments.output);
  if (!status.ok() || !arguments.stats) return status;
  if (IsSameFile(*arguments.stats, arguments.output)) {
    return absl::InvalidArgumentError("--stats is the output: choose another");
  }
  return CheckOutput(arguments, *arguments.stats);
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
  reader.decoder_threads = 0;
  return absl::OkStatus();
}

absl::StatusOr<Request> Understand(const EncodeArguments& arguments) {
  Request request = {.input = arguments.input,
                     .output = arguments.output,
                     .stats = arguments.stats,
                     .settings = arguments.settings};
  ControllerOptions options = arguments.controller_options;
  options.kf_max_dist = arguments.settings.kf_max_dist;
  absl::StatusOr<eval::SweepController> controller =
      MakeController(arguments.controller, options);
  if (!controller.ok()) return controller.status();
  request.controller = *std::move(controller);
  if (arguments.target_bitrate) {
    const auto kbps = ParseBitrateKbps(*arguments.target_bitrate);
    if (!kbps.ok()) return kbps.status();
    request.target_kbps = *kbps;
  } else if (request.controller.levels.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("controller ", arguments.controller,
                     " needs --target-bitrate, such as 512k"));
  }
  request.settings.threads = arguments.threads.value_or(
      std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1,
                 kMostDefaultThreads));
  const bool is_constant_quality =
      request.controller.mode ==
      encoder_bridge::RateControlMode::kConstantQuality;
  request.level = is_constant_quality
                      ? arguments.cq_level.value_or(kDefaultCqLevel)
                      : arguments.q_index.value_or(kDefaultQIndex);
  absl::Status status = CheckLevel(request.controller, request.level);
  if (status.ok()) status = request.settings.Validate();
  if (status.ok()) status = ReadPictureFlags(arguments, request.reader);
  if (status.ok()) status = CheckOutputs(arguments);
  if (!status.ok()) return status;
  return request;
}

// One encode, from the open input to the finished files.
class Encode {
 public:
  Encode(const Request& request, const EncodeArguments& arguments,
         StopSignal& stop)
      : request_(request),
        arguments_(arguments),
        stop_(stop),
        progress_(ProgressLine::ModeFor(arguments.quiet)) {}

  absl::Status Run() {
    absl::StatusOr<std::unique_ptr<VideoReader>> reader =
        VideoReader::Open(request_.input, request_.reader);
    if (!reader.ok()) return reader.status();
    PrintNotes(**reader);
    absl::Status status = OpenOutputs((*reader)->format());
    if (!status.ok()) return status;
    const auto poll = [this](const EncodeProgress& p) { return Report(p); };
    const absl::StatusOr<FirstPassResult> first =
        encoder_bridge::RunFirstPass(**reader, request_.settings, poll);
    PrintNotes(**reader);
    if (!first.ok()) return first.status();
    const absl::StatusOr<EncodeResult> result =
        SecondPass(**reader, *first, poll);
    PrintNotes(**reader);
    progress_.Clear();
    if (!result.ok()) return result.status();
    status = Finish(*result);
    if (!status.ok()) return status;
    PrintResult(*result);
    return absl::OkStatus();
  }

 private:
  void PrintNotes(const VideoReader& reader) {
    for (; notes_printed_ < reader.notes().size(); ++notes_printed_) {
      progress_.Clear();
      PrintWarning(reader.notes()[notes_printed_]);
    }
  }

  // Before the work, so that a place that cannot be written fails at once.
  absl::Status OpenOutputs(const encoder_bridge::VideoFormat& format) {
    stop_.AlsoRemove(PendingFile::TemporaryPath(request_.output));
    auto writer = WebmWriter::Create(request_.output, format);
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
    if (!request_.stats) return absl::OkStatus();
    stop_.AlsoRemove(PendingFile::TemporaryPath(*request_.stats));
    auto stats = PendingFile::Create(*request_.stats);
    if (!stats.ok()) return stats.status();
    stats_ = *std::move(stats);
    return absl::OkStatus();
  }

  absl::StatusOr<EncodeResult> SecondPass(
      VideoReader& reader, const FirstPassResult& first,
      const encoder_bridge::ProgressFn& poll) {
    const encoder_bridge::VideoFormat& format = reader.format();
    const double frame_rate = first.num_frames / first.duration_seconds;
    const double target_kbps = request_.target_kbps.value_or(
        eval::ScaledTargetKbps(kDefaultTargetKbps, format));
    std::unique_ptr<RateController> controller;
    if (request_.controller.factory != nullptr) {
      auto made =
          request_.controller.factory({.width = format.width,
                                       .height = format.height,
                                       .frame_rate = frame_rate,
                                       .num_frames = first.num_frames,
                                       .target_bitrate_kbps = target_kbps},
                                      request_.level);
      if (!made.ok()) return made.status();
      controller = *std::move(made);
    }
    return encoder_bridge::RunSecondPass(
        reader, request_.settings, first,
        {.mode = request_.controller.mode,
         .target_bitrate_kbps =
             std::max(1, static_cast<int>(std::lround(target_kbps))),
         .cq_level = request_.level,
         .controller = controller.get()},
        *writer_, poll);
  }

  absl::Status Report(const EncodeProgress& progress) {
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    if (progress.pass != pass_) {
      pass_ = progress.pass;
      pass_start_ = Clock::now();
    }
    if (!progress_.IsDue()) return absl::OkStatus();
    const double seconds =
        std::chrono::duration<double>(Clock::now() - pass_start_).count();
    const double fps = static_cast<double>(progress.frames) / seconds;
    std::string line =
        absl::StrFormat("pass %d/2  frame %d", progress.pass, progress.frames);
    if (progress.expected_frames > 0) {
      absl::StrAppendFormat(&line, "/%d", progress.expected_frames);
    }
    absl::StrAppendFormat(&line, "  %.1f fps", fps);
    if (progress.pass == 2 && progress.seconds_of_video > 0) {
      absl::StrAppendFormat(&line, "  %.0f kbit/s",
                            static_cast<double>(progress.packet_bytes) * 8 /
                                1000 / progress.seconds_of_video);
    }
    if (progress.expected_frames > 0 && fps > 0) {
      const auto left =
          std::max<int64_t>(0, progress.expected_frames - progress.frames);
      absl::StrAppend(&line, "  ETA ",
                      ClockText(static_cast<double>(left) / fps));
    }
    progress_.Update(line);
    return absl::OkStatus();
  }

  absl::Status Finish(const EncodeResult& result) {
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    if (stats_ != nullptr) {
      const absl::Status status = stats_->Write(FrameStatsLines(result));
      if (!status.ok()) return status;
    }
    // The statistics last: they are worth nothing without the video.
    absl::Status status = writer_->Commit();
    if (status.ok() && stats_ != nullptr) status = stats_->Commit();
    return status;
  }

  void PrintResult(const EncodeResult& result) const {
    const bool has_target =
        request_.target_kbps && request_.controller.levels.empty();
    const double target_kbps = has_target ? *request_.target_kbps : 0;
    const double seconds =
        std::chrono::duration<double>(Clock::now() - start_).count();
    if (arguments_.print_json) {
      nlohmann::ordered_json json = {{"output", request_.output},
                                     {"controller", request_.controller.name},
                                     {"frames", result.shown_frames},
                                     {"coded_frames", result.frames.size()},
                                     {"bytes", result.packet_bytes},
                                     {"bitrate_kbps", result.bitrate_kbps},
                                     {"target_bitrate_kbps", nullptr},
                                     {"overshoot", nullptr},
                                     {"psnr_db",
                                      {{"mean", result.psnr.mean_db},
                                       {"global", result.psnr.global_db},
                                       {"y", result.psnr.y_db}}},
                                     {"seconds", seconds}};
      if (has_target) {
        json["target_bitrate_kbps"] = target_kbps;
        json["overshoot"] =
            encoder_bridge::Overshoot(result.bitrate_kbps, target_kbps);
      }
      std::cout << json.dump(2, ' ', false,
                             nlohmann::json::error_handler_t::replace)
                << std::endl;
      return;
    }
    std::cout << absl::StrFormat("%s: %d frames, %d bytes, %.1f kbit/s",
                                 request_.output, result.shown_frames,
                                 result.packet_bytes, result.bitrate_kbps);
    if (has_target) {
      std::cout << absl::StrFormat(
          " (target %.1f, %+.2f %%)", target_kbps,
          100 * (result.bitrate_kbps / target_kbps - 1));
    }
    std::cout << absl::StrFormat(", PSNR %.2f dB, %.1f s\n",
                                 result.psnr.mean_db, seconds);
  }

  const Request& request_;
  const EncodeArguments& arguments_;
  StopSignal& stop_;
  ProgressLine progress_;
  size_t notes_printed_ = 0;
  const Clock::time_point start_ = Clock::now();
  int pass_ = 0;
  Clock::time_point pass_start_;
  std::unique_ptr<WebmWriter> writer_;
  std::unique_ptr<PendingFile> stats_;
};

}  // namespace

CLI::App& AddEncodeVerb(CLI::App& app, EncodeArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "encode", "Encode a video to VP9 (WebM) at a target bitrate");
  verb.add_option("input", arguments.input,
                  "Video to encode: any file that FFmpeg reads")
      ->required();
  verb.add_option("-o,--output", arguments.output, "WebM file to write")
      ->required();
  verb.add_option("--target-bitrate", arguments.target_bitrate,
                  "Bits per second of the video, such as 512k or 1.5M");
  verb.add_option(
          "--controller", arguments.controller,
          "Who chooses the quantizer of every frame: " + ControllerNames())
      ->capture_default_str();
  verb.add_flag("-y", arguments.overwrite, "Replace files that exist");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line");
  verb.add_flag("--json", arguments.print_json,
                "Print the result as one JSON object");
  verb.add_option("--stats", arguments.stats,
                  "Write one JSON line for every coded frame to this file");
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
      "  muzero-rc encode in.mp4 -o out.webm --controller constant-q "
      "--q-index 120 --key-offset 60");
  return verb;
}

int RunEncode(const EncodeArguments& arguments, StopSignal& stop) {
  const absl::StatusOr<Request> request = Understand(arguments);
  if (!request.ok()) {
    PrintError(request.status().message());
    return kUsage;
  }
  const absl::Status status = Encode(*request, arguments, stop).Run();
  if (status.ok()) return kSuccess;
  if (absl::IsCancelled(status)) {
    PrintError("interrupted: nothing was written");
    return kSignalBase + stop.signal();
  }
  PrintError(status.message());
  return kFailure;
}

}  // namespace cli
