#include "cli/encode.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/bit_depth.h"
#include "cli/controllers.h"
#include "cli/encode_arguments.h"
#include "cli/encode_batch.h"
#include "cli/encode_job.h"
#include "cli/encode_outcome.h"
#include "cli/encode_places.h"
#include "cli/encode_report.h"
#include "cli/encode_request.h"
#include "cli/encoder_flags.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/stop_signal.h"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

// Into --out-dir, which is made if there is none.
int RunBatch(const std::vector<EncodeRequest>& requests,
             const EncodeArguments& arguments, StopSignal& stop) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directory(
      // The slash of "coded/" would name a folder in the one that is not there.
      (std::filesystem::path(*arguments.out_dir) / "").parent_path(), error);
  if (error) {
    PrintError(absl::StrCat("--out-dir ", *arguments.out_dir,
                            " cannot be made: ", error.message()));
    return kFailure;
  }
  const int status = RunEncodeBatch(requests,
                                    {.jobs = arguments.jobs.value_or(1),
                                     .quiet = arguments.quiet,
                                     .print_json = arguments.print_json},
                                    stop);
  // It stays if there is anything in it.
  if (is_new) std::filesystem::remove(*arguments.out_dir, error);
  return status;
}

}  // namespace

CLI::App& AddEncodeVerb(CLI::App& app, EncodeArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "encode", "Encode a video to VP9 at a target bitrate, with its audio");
  verb.add_option("input", arguments.inputs,
                  "Videos to encode: any files that FFmpeg reads, or - for y4m "
                  "from standard input")
      ->required()
      ->type_name("FILE");
  CLI::Option* output =
      verb.add_option("-o,--output", arguments.output,
                      "File to write: .webm, .mkv, .mp4, or .ivf (no audio); - "
                      "for WebM to standard output")
          ->type_name("FILE");
  CLI::Option* folder =
      verb.add_option("--out-dir", arguments.out_dir,
                      "Folder for the outputs of any number of inputs: "
                      "NAME.webm for each")
          ->type_name("DIR")
          ->excludes(output);
  verb.add_option("--jobs", arguments.jobs,
                  "With --out-dir: encodes at once (default: 1)")
      ->needs(folder);
  CLI::Option* bitrate =
      verb.add_option("--target-bitrate", arguments.target_bitrate,
                      "Bits per second of the video, such as 512k or 1.5M; "
                      "feedback, muzero and libvpx need it, or a size");
  verb.add_option("--target-size", arguments.target_size,
                  "Bytes of the whole file, such as 8MB or 500kB: met within "
                  "1 %, never exceeded; takes some second passes")
      ->excludes(bitrate);
  verb.add_option("--controller", arguments.controller,
                  "Who chooses the quantizer of every frame (default: muzero; "
                  "feedback with --chunks, or an --effort above 1)")
      ->type_name(ControllerNames("|"));
  verb.add_option("--attempts", arguments.attempts,
                  "feedback, muzero: encode so often, knowing what the first "
                  "time cost or a bit otherwise, and keep the best that keeps "
                  "the target")
      ->capture_default_str();
  verb.add_option("--effort", arguments.effort,
                  "feedback: try several ways to code each stretch, and go on "
                  "from the best: about so many times the time of one encode, "
                  "1 to 8, less with --threads")
      ->capture_default_str();
  verb.add_option("--chunks", arguments.chunks,
                  "feedback, constant-q: divide the second pass at key frames "
                  "and encode the chunks at once: auto, or so many at most")
      ->type_name("auto|N")
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
  CLI::Option* report =
      verb.add_option("--report", arguments.report,
                      "Write an HTML page about the encode to this file: QP, "
                      "bits and PSNR of every frame, bitrate over time")
          ->type_name("FILE");
  verb.add_flag("--report-libvpx", arguments.report_libvpx,
                "With --report: encode once more with libvpx's own rate "
                "control, and show its choice beside")
      ->needs(report);
  verb.add_option("--threads", arguments.threads,
                  "Threads of libvpx, or processes of --effort above 1; the "
                  "output is the same for any number "
                  "(default: one per core, shared by --jobs, at most 16)");

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
  AddBitDepthFlag(verb, arguments.bit_depth);
  verb.get_option("--bit-depth")->group(picture);

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
      "  muzero-rc encode *.mp4 --out-dir coded --jobs 4 --target-bitrate "
      "512k\n"
      "  ffmpeg -i in.mp4 -f yuv4mpegpipe - | muzero-rc encode - -o - "
      "--target-bitrate 512k > out.webm\n"
      "  muzero-rc encode in.mp4 -o out.webm --controller constant-q "
      "--q-index 120 --key-offset 60");
  return verb;
}

int RunEncode(const EncodeArguments& arguments, StopSignal& stop) {
  const Clock::time_point start = Clock::now();
  const absl::StatusOr<std::vector<EncodeRequest>> requests =
      UnderstandEncode(arguments);
  if (!requests.ok()) {
    PrintError(requests.status().message());
    return absl::IsFailedPrecondition(requests.status()) ? kFailure : kUsage;
  }
  if (arguments.out_dir) return RunBatch(*requests, arguments, stop);
  const EncodeRequest& request = requests->front();
  const bool is_streamed = request.output == kStandardStream;
  // Whoever reads may close the pipe, which is then an error like others.
  if (is_streamed) std::signal(SIGPIPE, SIG_IGN);
  const absl::StatusOr<EncodeOutcome> outcome =
      RunEncodeJob(request, stop, PrintWarning);
  if (outcome.ok()) {
    const double seconds =
        std::chrono::duration<double>(Clock::now() - start).count();
    (is_streamed ? std::cerr : std::cout)
        << (arguments.print_json
                ? JsonText(EncodeJson(request, *outcome, seconds)) + "\n"
                : EncodeLine(request, *outcome, seconds))
        << std::flush;
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
