#include "cli/teach.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <limits>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/argument_parsers.h"
#include "cli/exit_status.h"
#include "cli/lesson_report.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/run_folder.h"
#include "cli/training_clips.h"
#include "encoder_bridge/target_bitrates.h"
#include "muzero/sha256.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/forked_jobs.h"
#include "selfplay/played_episode.h"
#include "selfplay/training_config.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using selfplay::Lesson;
using selfplay::TaughtEncode;
using selfplay::TrainingClip;
using selfplay::TrainingConfig;
using Clock = std::chrono::steady_clock;

// Frames of a clip must be in memory, or the clip cannot be taught.
constexpr int64_t kMaxFrameBytes = int64_t{16} << 30;

// All of it, understood.
struct TeachPlan {
  TrainingConfig config;
  std::vector<TrainingClip> clips;
  int jobs = 1;
  double max_seconds = std::numeric_limits<double>::infinity();
};

absl::Status ReadEpisode(const TeachArguments& arguments,
                         selfplay::EpisodeConfig& episode) {
  if (arguments.max_height) episode.max_height = *arguments.max_height;
  if (arguments.frames) episode.max_frames = *arguments.frames;
  if (arguments.cpu_used) episode.cpu_used = *arguments.cpu_used;
  if (!arguments.targets) return absl::OkStatus();
  auto targets = ParseBitratesKbps(*arguments.targets);
  if (!targets.ok()) return targets.status();
  episode.targets_kbps = *std::move(targets);
  return absl::OkStatus();
}

absl::StatusOr<TeachPlan> ReadPlan(const TeachArguments& arguments,
                                   const RunFolder& folder) {
  TeachPlan plan;
  auto config = folder.Configure(arguments.config, std::nullopt);
  if (!config.ok()) return config.status();
  plan.config = *std::move(config);
  absl::Status status = ReadEpisode(arguments, plan.config.episode);
  status.Update(plan.config.Validate());
  status.Update(arguments.teacher.Validate());
  if (!status.ok()) return status;
  const auto jobs = ReadJobs(arguments.jobs, "--jobs");
  if (!jobs.ok()) return jobs.status();
  plan.jobs = *jobs;
  if (arguments.max_time) {
    const auto seconds = ParseDurationSeconds(*arguments.max_time);
    if (!seconds.ok()) return seconds.status();
    plan.max_seconds = *seconds;
  }
  auto clips = OpenClipsOfSplit(arguments.clips, arguments.split,
                                plan.config.evaluation.split);
  if (!clips.ok()) return clips.status();
  plan.clips = *std::move(clips);
  return plan;
}

// One search: a clip at a target.
struct Subject {
  TrainingClip clip;
  double target_kbps = 0;
};

// In an order that begins with a bit of everything: every clip at one target,
// then every clip at the next.
std::vector<Subject> SubjectsOf(const TeachPlan& plan) {
  std::vector<Subject> subjects;
  const std::vector<double>& targets = plan.config.episode.targets_kbps;
  for (size_t round = 0; round < targets.size(); ++round) {
    for (size_t i = 0; i < plan.clips.size(); ++i) {
      subjects.push_back(
          {.clip = plan.clips[i],
           .target_kbps = targets[(i + round) % targets.size()]});
    }
  }
  return subjects;
}

std::string LessonName(const Subject& subject,
                       const selfplay::EpisodeConfig& episode) {
  return absl::StrFormat("lesson %s %g kbps %d lines %d frames cpu-used %d",
                         subject.clip.name, subject.target_kbps,
                         episode.max_height, episode.max_frames,
                         episode.cpu_used);
}

// Puts what `lesson` has into the store, as `name`; of the search's tries all,
// or only the one that is best.
absl::Status Deliver(const Lesson& lesson, const std::string& name,
                     const TrainingConfig& config, const std::string& clip,
                     bool best_only, ExperienceStore& store) {
  const auto first_pass = store.PutFirstPass(lesson.stats);
  if (!first_pass.ok()) return first_pass.status();
  for (size_t i = 0; i < lesson.encodes.size(); ++i) {
    const TaughtEncode& encode = lesson.encodes[i];
    const bool is_best = i + 1 == lesson.encodes.size();
    if (best_only && encode.is_try && !is_best) continue;
    const encoder_bridge::SequenceInfo& sequence = encode.encode.sequence;
    const auto receipt = store.AddEpisode(
        {.id = absl::StrCat("lesson-", muzero::Sha256Hex(name), "-", i),
         .pair = {.clip = absl::StrCat(clip, "@", sequence.width, "x",
                                       sequence.height),
                  .target_bitrate_kbps =
                      static_cast<int>(sequence.target_bitrate_kbps)},
         .worker = absl::StrCat("teacher: ", encode.what),
         .first_pass = *first_pass,
         .encode = encode.encode,
         .outcome = encode.outcome,
         .seconds = encode.seconds},
        config.self_competition);
    if (!receipt.ok()) return receipt.status();
  }
  // Last: what has a report is not searched again.
  return store.PutSetting(name, LessonReportJson(lesson, clip));
}

// In a process of its own.
absl::Status TeachSubject(const Subject& subject, const TrainingConfig& config,
                          const TeachArguments& arguments,
                          const RunFolder& folder) {
  selfplay::ClipShelf shelf(config.episode,
                            {.first_passes = {.folder = folder.CachePath()},
                             .max_frame_bytes = kMaxFrameBytes});
  auto clip = shelf.Take(subject.clip, std::stop_token());
  if (!clip.ok()) return clip.status();
  const auto lesson =
      selfplay::Teach({.source = *clip->source,
                       .first_pass = *clip->first_pass,
                       .settings = selfplay::EpisodeSettings(config.episode),
                       .target_bitrate_kbps = encoder_bridge::TargetFor(
                           clip->source->format(), subject.target_kbps,
                           config.episode.scale_targets)},
                      arguments.teacher);
  if (!lesson.ok()) return lesson.status();
  auto store = ExperienceStore::Open(folder.StoreUrl(), {});
  if (!store.ok()) return store.status();
  return Deliver(*lesson, LessonName(subject, config.episode), config,
                 subject.clip.name, arguments.best_only, **store);
}

class TeachRun {
 public:
  TeachRun(const TeachArguments& arguments, const RunFolder& folder,
           TeachPlan plan, StopSignal& stop)
      : arguments_(arguments),
        folder_(folder),
        plan_(std::move(plan)),
        stop_(stop),
        progress_(ProgressLine::ModeFor(arguments.quiet)) {}

  absl::Status Run() {
    absl::Status status = FindSubjects();
    if (!status.ok()) return status;
    status = selfplay::RunForkedJobs(
        {.count = static_cast<int>(subjects_.size()),
         .at_once = plan_.jobs,
         .work =
             [this](int i) {
               return TeachSubject(subjects_[static_cast<size_t>(i)],
                                   plan_.config, arguments_, folder_);
             },
         .on_done = [this](int i, const absl::Status& s) { OnDone(i, s); },
         .should_stop = [this] { return ShouldStop(); }});
    progress_.Clear();
    if (absl::IsCancelled(status) && !stop_.is_set()) {
      status = absl::OkStatus();  // Only the time is up.
    }
    const absl::Status reported = Report();
    status.Update(reported);
    return status;
  }

  int failures() const { return failures_; }

 private:
  // Those that have not been searched yet.  Closes the store again: processes
  // must not share it.
  absl::Status FindSubjects() {
    auto store = ExperienceStore::Open(folder_.StoreUrl(), {});
    if (!store.ok()) return store.status();
    for (Subject& subject : SubjectsOf(plan_)) {
      const auto known =
          (*store)->Setting(LessonName(subject, plan_.config.episode));
      if (!known.ok()) return known.status();
      if (!known->has_value()) subjects_.push_back(std::move(subject));
    }
    return absl::OkStatus();
  }

  void OnDone(int i, const absl::Status& status) {
    ++done_;
    if (status.ok()) return;
    ++failures_;
    const Subject& subject = subjects_[static_cast<size_t>(i)];
    progress_.Clear();
    PrintError(absl::StrFormat("%s at %g kbps: %s", subject.clip.name,
                               subject.target_kbps, status.message()));
  }

  bool ShouldStop() {
    if (progress_.IsDue()) {
      const double left =
          done_ == 0 ? std::numeric_limits<double>::infinity()
                     : Seconds() / done_ *
                           static_cast<double>(subjects_.size() -
                                               static_cast<size_t>(done_));
      progress_.Update(absl::StrFormat(
          "searched %d of %d  ETA %s", done_, subjects_.size(),
          ClockText(std::min(left, plan_.max_seconds - Seconds()))));
    }
    return stop_.is_set() || Seconds() >= plan_.max_seconds;
  }

  double Seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

  // What all searches of this kind have gained, earlier ones among them.
  absl::Status Report() {
    auto store = ExperienceStore::Open(folder_.StoreUrl(), {});
    if (!store.ok()) return store.status();
    std::vector<std::string> reports;
    for (const Subject& subject : SubjectsOf(plan_)) {
      auto report =
          (*store)->Setting(LessonName(subject, plan_.config.episode));
      if (!report.ok()) return report.status();
      if (report->has_value()) reports.push_back(**std::move(report));
    }
    const auto text = LessonSummary(reports);
    if (!text.ok()) return text.status();
    std::cout << *text << std::flush;
    return absl::OkStatus();
  }

  const TeachArguments& arguments_;
  const RunFolder& folder_;
  const TeachPlan plan_;
  StopSignal& stop_;
  ProgressLine progress_;
  std::vector<Subject> subjects_;
  int done_ = 0;
  int failures_ = 0;
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

CLI::App& AddTeachVerb(CLI::App& app, TeachArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "teach", "Search near-optimal encodes for a run to learn from");
  verb.add_option("--clips", arguments.clips,
                  "Folder of videos or CSV catalogue")
      ->required()
      ->type_name("DIR|CSV");
  verb.add_option("--run", arguments.run,
                  "Folder of the run, whose store gets the encodes; the same "
                  "again goes on with it")
      ->required()
      ->type_name("DIR");
  verb.add_option("--config", arguments.config,
                  "TOML file of constants, for a new run")
      ->type_name("FILE");
  verb.add_option("--split", arguments.split,
                  "Only the clips of this split (default: train, if there are "
                  "splits)");
  verb.add_option("--targets", arguments.targets,
                  "Target bitrates, such as 256k,512k (default: the run's "
                  "episode.targets_kbps)");
  verb.add_option("--max-height", arguments.max_height,
                  "Scale higher clips down to this many lines (default: the "
                  "run's episode.max_height)");
  verb.add_option("--frames", arguments.frames,
                  "Frames of each clip; 0: all (default: the run's "
                  "episode.max_frames)");
  verb.add_option("--cpu-used", arguments.cpu_used,
                  "libvpx's speed (default: the run's episode.cpu_used)");
  verb.add_option("--rounds", arguments.teacher.rounds,
                  "Times that a whole clip is searched")
      ->capture_default_str();
  verb.add_option("--groups", arguments.teacher.groups,
                  "Groups of frames that a trial codes")
      ->capture_default_str();
  verb.add_option("--min-gain", arguments.teacher.min_gain_db,
                  "dB of mean PSNR by which a trial must be better")
      ->capture_default_str();
  verb.add_flag("--best-only", arguments.best_only,
                "Of each search's tries, store the best one only, beside "
                "feedback's encode, libvpx's and a disturbed one");
  verb.add_option("--jobs", arguments.jobs,
                  "Searches at once (default: one per core)");
  verb.add_option("--max-time", arguments.max_time,
                  "End after this time, such as 90m or 2h");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line");
  verb.footer(
      "Without --rounds 0 a search codes its clip some seventy times.\n"
      "Example:\n"
      "  muzero-rc teach --clips videos/ --run out/run --max-time 2h\n"
      "  muzero-rc train --clips videos/ --run out/run");
  return verb;
}

int RunTeach(const TeachArguments& arguments, StopSignal& stop) {
  const auto folder = RunFolder::Open(arguments.run);
  if (!folder.ok()) {
    PrintError(folder.status().message());
    return kFailure;
  }
  auto plan = ReadPlan(arguments, **folder);
  if (!plan.ok()) {
    PrintError(plan.status().message());
    return absl::IsInvalidArgument(plan.status()) ? kUsage : kFailure;
  }
  TeachRun run(arguments, **folder, *std::move(plan), stop);
  const absl::Status status = run.Run();
  if (absl::IsCancelled(status)) {
    PrintError("interrupted: the same again goes on");
    return kSignalBase + stop.signal();
  }
  if (!status.ok()) {
    PrintError(status.message());
    return kFailure;
  }
  return run.failures() == 0 ? kSuccess : kPartialFailure;
}

}  // namespace cli
