#include "cli/evaluate.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "cli/argument_parsers.h"
#include "cli/bit_depth.h"
#include "cli/controllers.h"
#include "cli/encoder_flags.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/run_description.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/vpx_encoder.h"
#include "eval/frame_trace.h"
#include "eval/rate_sweep.h"
#include "eval/report.h"
#include "eval/run_info.h"
#include "eval/summary.h"
#include "eval/summary_json.h"
#include "eval/summary_text.h"
#include "eval/sweep_store.h"
#include "videos/clip_catalogue.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using encoder_bridge::PendingFile;
using eval::RateSweepOptions;
using eval::SweepFailure;
using eval::SweepProgress;
using eval::SweepStore;

constexpr int kMaxCqLevel = 63;

absl::StatusOr<ControllerOptions> ReadLevels(
    const EvaluateArguments& arguments) {
  ControllerOptions options = arguments.controller_options;
  options.kf_max_dist = arguments.settings.kf_max_dist;
  // What feedback chose is no measurement of the model.
  options.refuse_fallback = true;
  if (arguments.cq_levels) {
    auto levels = ParseLevels(*arguments.cq_levels, 0, kMaxCqLevel, "cq-level");
    if (!levels.ok()) return levels.status();
    options.cq_levels = *std::move(levels);
  }
  if (arguments.q_indices) {
    auto levels = ParseLevels(*arguments.q_indices, encoder_bridge::kMinQIndex,
                              encoder_bridge::kMaxQIndex, "q_index");
    if (!levels.ok()) return levels.status();
    options.q_indices = *std::move(levels);
  }
  return options;
}

// The controller called NAME; NAME:N is the best of N attempts, NAME@N plans
// with an effort of N, NAME:N@M is the best of N such.
absl::StatusOr<eval::SweepController> MakeNamedController(
    const std::string& name, const ControllerOptions& options) {
  const std::vector<std::string> efforts =
      absl::StrSplit(name, absl::MaxSplits('@', 1));
  const std::vector<std::string> parts =
      absl::StrSplit(efforts[0], absl::MaxSplits(':', 1));
  auto controller = MakeController(parts[0], options);
  if (!controller.ok()) return controller;
  int attempts = 1;
  if (parts.size() > 1 && !absl::SimpleAtoi(parts[1], &attempts)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name,
                     ": wanted a number of attempts after the colon, "
                     "such as feedback:4"));
  }
  int effort = 1;
  if (efforts.size() > 1 && !absl::SimpleAtoi(efforts[1], &effort)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name,
                     ": wanted an effort after the @, such as "
                     "feedback@4"));
  }
  absl::Status status = SetAttempts(attempts, *controller);
  if (status.ok()) status = SetEffort(effort, *controller);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", status.message()));
  }
  controller->name = name;
  return controller;
}

absl::Status ReadControllers(const EvaluateArguments& arguments,
                             RateSweepOptions& sweep) {
  const absl::StatusOr<ControllerOptions> options = ReadLevels(arguments);
  if (!options.ok()) return options.status();
  const auto names = ParseNames(arguments.controllers);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    auto controller = MakeNamedController(name, *options);
    if (!controller.ok()) return controller.status();
    sweep.controllers.push_back(*std::move(controller));
  }
  if (std::find(names->begin(), names->end(), arguments.anchor) ==
      names->end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the anchor ", arguments.anchor, " is not among --controllers ",
        arguments.controllers, ": there is nothing to compare with"));
  }
  return absl::OkStatus();
}

absl::Status ReadTargets(const EvaluateArguments& arguments,
                         RateSweepOptions& sweep) {
  if (!arguments.targets) {
    sweep.targets_kbps.assign(std::begin(eval::kProtocolTargetsKbps),
                              std::end(eval::kProtocolTargetsKbps));
    sweep.scale_targets = true;
    return absl::OkStatus();
  }
  auto targets = ParseBitratesKbps(*arguments.targets);
  if (!targets.ok()) return targets.status();
  sweep.targets_kbps = *std::move(targets);
  sweep.scale_targets = arguments.scale_targets;
  return absl::OkStatus();
}

absl::Status ReadNumbers(const EvaluateArguments& arguments,
                         RateSweepOptions& sweep) {
  const auto jobs = ReadJobs(arguments.jobs, "--jobs");
  if (!jobs.ok()) return jobs.status();
  sweep.jobs = *jobs;
  if (arguments.frames && *arguments.frames < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--frames ", *arguments.frames, " is not at least 1"));
  }
  sweep.reader.max_frames = arguments.frames;
  if (arguments.max_height) {
    if (*arguments.max_height < 1 || *arguments.max_height > kMaxPictureSide) {
      return absl::InvalidArgumentError(
          absl::StrCat("--max-height ", *arguments.max_height,
                       " is not in [1, ", kMaxPictureSide, "]"));
    }
    sweep.reader.height = *arguments.max_height;
    sweep.reader.only_shrink = true;
  }
  const auto bit_depth =
      ReadBitDepth(arguments.bit_depth, encoder_bridge::LibvpxCodesTenBits());
  if (!bit_depth.ok()) return bit_depth.status();
  sweep.reader.bit_depth = *bit_depth;
  sweep.settings = arguments.settings;
  return sweep.settings.Validate();
}

absl::Status ReadClips(const EvaluateArguments& arguments,
                       RateSweepOptions& sweep) {
  absl::StatusOr<videos::ClipCatalogue> catalogue =
      videos::ClipCatalogue::Open(arguments.clips);
  if (!catalogue.ok()) return catalogue.status();
  if (arguments.split) {
    catalogue = catalogue->Select(*arguments.split);
    if (!catalogue.ok()) return catalogue.status();
  }
  sweep.clips = catalogue->clips();
  return absl::OkStatus();
}

absl::StatusOr<RateSweepOptions> Understand(
    const EvaluateArguments& arguments) {
  RateSweepOptions sweep;
  absl::Status status = ReadControllers(arguments, sweep);
  if (status.ok()) status = ReadTargets(arguments, sweep);
  if (status.ok()) status = ReadNumbers(arguments, sweep);
  if (status.ok()) status = ReadClips(arguments, sweep);
  if (!status.ok()) return status;
  return sweep;
}

std::string ProgressText(const SweepProgress& progress) {
  std::string text =
      absl::StrFormat("encode %d of %d", progress.done, progress.total);
  if (progress.done > 0 && progress.total > progress.done) {
    const double seconds_each = progress.seconds / progress.done;
    absl::StrAppend(&text, "  ETA ",
                    ClockText(seconds_each * (progress.total - progress.done)));
  }
  if (!progress.clip.empty()) {
    absl::StrAppend(&text, "  last: ", progress.clip);
  }
  return text;
}

absl::Status WriteFile(const fs::path& path, absl::string_view text) {
  auto file = PendingFile::Create(path.string());
  if (!file.ok()) return file.status();
  const absl::Status status = (*file)->Write(text);
  if (!status.ok()) return status;
  return (*file)->Commit();
}

// What was measured, as files for people and programs.
absl::Status WriteReport(const EvaluateArguments& arguments,
                         const RateSweepOptions& sweep,
                         const SweepStore& store) {
  const eval::RunInfo run = DescribeRun(arguments, sweep);
  const eval::Summary summary =
      eval::Summarize(store.points(), store.floors(), run);
  const std::string json = eval::SummaryJson(summary, run);
  const std::string markdown = eval::SummaryMarkdown(summary, run);
  const fs::path folder(arguments.out);
  absl::Status status = WriteFile(folder / "summary.json", json);
  if (status.ok()) status = WriteFile(folder / "summary.md", markdown);
  if (status.ok()) {
    status =
        WriteFile(folder / "report.html",
                  eval::RenderReport(summary, store.points(),
                                     eval::MiddleTraces(store.traces()), run));
  }
  if (!status.ok()) return status;
  if (arguments.print_json) {
    std::cout << json << std::endl;
    return absl::OkStatus();
  }
  for (const std::string& verdict : eval::Verdicts(summary)) {
    std::cout << verdict << "\n";
  }
  std::cout << "report: " << (folder / "report.html").string() << std::endl;
  return absl::OkStatus();
}

class Evaluation {
 public:
  Evaluation(const EvaluateArguments& arguments, RateSweepOptions sweep,
             StopSignal& stop)
      : arguments_(arguments),
        sweep_(std::move(sweep)),
        stop_(stop),
        progress_(ProgressLine::ModeFor(arguments.quiet)) {}

  // Returns what failed while the rest went on; without has_results(), all of
  // it, and there is no report.
  absl::StatusOr<std::vector<SweepFailure>> Run() {
    auto store =
        SweepStore::Open(arguments_.out, SettingsText(arguments_, sweep_));
    if (!store.ok()) return store.status();
    const absl::Status status = MakeWorkFolder();
    if (!status.ok()) return status;
    const absl::Cleanup remove_work_folder = [this] {
      std::error_code ignored;
      fs::remove_all(sweep_.work_folder, ignored);
    };
    sweep_.should_stop = [this] { return stop_.is_set(); };
    sweep_.on_progress = [this](const SweepProgress& progress) {
      progress_.Update(ProgressText(progress));
    };
    auto failures = eval::RunRateSweep(sweep_, **store);
    progress_.Clear();
    if (!failures.ok()) return failures.status();
    has_results_ = !(*store)->points().empty();
    if (!has_results_) return failures;
    const absl::Status written = WriteReport(arguments_, sweep_, **store);
    if (!written.ok()) return written;
    return failures;
  }

  bool has_results() const { return has_results_; }

 private:
  absl::Status MakeWorkFolder() {
    const fs::path folder =
        fs::path(arguments_.out) / absl::StrCat(".work-", getpid());
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
      return absl::UnknownError(absl::StrCat(
          "cannot make the folder ", folder.string(), ": ", error.message()));
    }
    sweep_.work_folder = folder.string();
    stop_.AlsoRemove(sweep_.work_folder);
    return absl::OkStatus();
  }

  const EvaluateArguments& arguments_;
  RateSweepOptions sweep_;
  StopSignal& stop_;
  ProgressLine progress_;
  bool has_results_ = false;
};

void PrintFailure(const SweepFailure& failure) {
  const std::string message(failure.status.message());
  if (failure.controller.empty() && absl::StrContains(message, failure.clip)) {
    PrintError(message);
    return;
  }
  PrintError(absl::StrCat(failure.clip,
                          failure.controller.empty() ? "" : " with ",
                          failure.controller, ": ", message));
}

}  // namespace

CLI::App& AddEvaluateVerb(CLI::App& app, EvaluateArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "evaluate",
      "Compare controllers: BD-rate, bitrate accuracy and a report");
  verb.add_option("--clips", arguments.clips,
                  "Folder of videos, CSV catalogue, or one video")
      ->required()
      ->type_name("DIR|CSV|FILE");
  verb.add_option("--out", arguments.out,
                  "Folder for the results; finished encodes in it are not "
                  "run again")
      ->required()
      ->type_name("DIR");
  verb.add_option("--controllers", arguments.controllers,
                  "What to compare, with commas between: " + ControllerNames() +
                      "; feedback:N and muzero:N are the best of N attempts, "
                      "feedback@N has an effort of N")
      ->capture_default_str();
  verb.add_option("--targets", arguments.targets,
                  "Target bitrates, such as 256k,512k,1M; at least four for a "
                  "BD-rate (default: the protocol's 256k to 768k, scaled)");
  verb.add_flag("--scale-targets", arguments.scale_targets,
                "Take --targets as those of 854x480 at 30 fps and scale them "
                "with pixels times frame rate");
  verb.add_option("--anchor", arguments.anchor,
                  "The controller that others are compared with")
      ->type_name(ControllerNames("|"))
      ->capture_default_str();
  verb.add_option("--split", arguments.split,
                  "Only the clips of this split of the catalogue");
  verb.add_option("--jobs", arguments.jobs,
                  "Encodes at once (default: one per core)");
  verb.add_option("--frames", arguments.frames,
                  "Only the first frames of every clip");
  verb.add_option("--max-height", arguments.max_height,
                  "Scale higher clips down to this height");
  AddBitDepthFlag(verb, arguments.bit_depth);
  verb.add_flag("--json", arguments.print_json,
                "Print summary.json to standard output");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line");
  AddPolicyFlags(verb, arguments.controller_options);
  AddConstantQFlags(verb, arguments.controller_options);
  verb.add_option("--q-indices", arguments.q_indices,
                  "constant-q: q_index values in place of targets")
      ->group(kControllerGroup);
  verb.add_option("--cq-levels", arguments.cq_levels,
                  "libvpx-q: quality levels in place of targets")
      ->group(kControllerGroup);
  verb.add_option("--threads", arguments.settings.threads,
                  "Threads of each encode, or its processes with an effort")
      ->capture_default_str();
  AddEncoderFlags(verb, arguments.settings);
  verb.footer(
      "Writes points.csv, floors.csv, frames.jsonl, summary.json, summary.md "
      "and report.html.\n"
      "Example:\n"
      "  muzero-rc evaluate --clips videos/ --controllers libvpx,feedback "
      "--out out/eval");
  return verb;
}

int RunEvaluate(const EvaluateArguments& arguments, StopSignal& stop) {
  absl::StatusOr<RateSweepOptions> sweep = Understand(arguments);
  if (!sweep.ok()) {
    PrintError(sweep.status().message());
    return absl::IsFailedPrecondition(sweep.status()) ? kFailure : kUsage;
  }
  Evaluation evaluation(arguments, *std::move(sweep), stop);
  const absl::StatusOr<std::vector<SweepFailure>> failures = evaluation.Run();
  if (failures.ok()) {
    for (const SweepFailure& failure : *failures) PrintFailure(failure);
    if (failures->empty()) return kSuccess;
    return evaluation.has_results() ? kPartialFailure : kFailure;
  }
  if (absl::IsCancelled(failures.status())) {
    PrintError(
        absl::StrCat("interrupted: run it again to go on from what is "
                     "in ",
                     arguments.out));
    return kSignalBase + stop.signal();
  }
  PrintError(failures.status().message());
  return kFailure;
}

}  // namespace cli
