#include "cli/selfplay.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/argument_parsers.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/recent_episodes.h"
#include "cli/role_flags.h"
#include "cli/run_config.h"
#include "cli/training_clips.h"
#include "cli/training_journal.h"
#include "muzero/network_library.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner_gate.h"
#include "selfplay/run_end.h"
#include "selfplay/store_policy_source.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_pool.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using selfplay::TrainingClip;
using selfplay::TrainingConfig;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{20};
// Between questions to the store for a run that has not begun, or is finished.
constexpr std::chrono::seconds kRunWait{1};

std::string HostName() {
  std::array<char, 256> name = {};
  if (gethostname(name.data(), name.size() - 1) != 0) return "worker";
  return name.data();
}

// The workers of one process, from the open store on.
class SelfPlay {
 public:
  SelfPlay(const SelfPlayArguments& arguments, const RoleLimits& limits,
           int num_workers, StopSignal& stop)
      : arguments_(arguments),
        limits_(limits),
        num_workers_(num_workers),
        stop_(stop),
        progress_(ProgressLine::ModeFor(arguments.role.quiet)) {}

  // Cancelled if a signal came.
  absl::Status Run() {
    const absl::Status status = OpenAndPlay();
    progress_.Clear();
    // A store that is away is not waited for once there is a signal.
    if (!stop_.is_set() || !absl::IsUnavailable(status)) return status;
    return absl::CancelledError("interrupted");
  }

  int64_t episodes() const { return recent_.count(); }

  // Whether it was the learner's end that ended Run().
  bool is_run_finished() const { return is_run_finished_; }

 private:
  absl::Status OpenAndPlay() {
    progress_.Update("opening the store");
    auto store =
        ExperienceStore::Open(arguments_.store, {.stop = stop_.token()});
    if (!store.ok()) return store.status();
    auto journal = TrainingJournal::Open(**store, /*file=*/nullptr,
                                         arguments_.role.prometheus);
    if (!journal.ok()) return journal.status();
    const auto config = WaitForRun(**store);
    if (!config.ok()) return config.status();
    if (IsFinished(**store)) return absl::OkStatus();
    auto clips = OpenClipsOfSplit(arguments_.clips, arguments_.split,
                                  config->evaluation.split);
    if (!clips.ok()) return clips.status();
    return Play(*config, *std::move(clips), **store, **journal);
  }

  // The configuration of the store's run, as soon as a learner has begun it.
  absl::StatusOr<TrainingConfig> WaitForRun(ExperienceStore& store) {
    Clock::time_point next = Clock::now();
    while (!stop_.is_set() && !IsTimeUp()) {
      if (Clock::now() >= next) {
        auto config = ReadRunConfig(store);
        if (!absl::IsNotFound(config.status())) return config;
        next = Clock::now() + kRunWait;
        progress_.Update("waiting for a learner to begin the run");
      }
      std::this_thread::sleep_for(kTick);
    }
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    return absl::DeadlineExceededError(
        "no learner has begun a run in this store");
  }

  absl::Status Play(const TrainingConfig& config,
                    std::vector<TrainingClip> clips, ExperienceStore& store,
                    TrainingJournal& journal) {
    // Where nobody may be ahead, what is newest must be known at once.
    selfplay::StorePolicySource::Options options;
    if (config.rate_limit.max_ahead == 0) {
      options.refresh_interval = std::chrono::milliseconds(0);
    }
    selfplay::StorePolicySource policies(
        store,
        [this](const muzero::Checkpoint& checkpoint) {
          return muzero::CreateNetworkModel(checkpoint, limits_.device);
        },
        options);
    selfplay::LearnerGate gate(store, config.rate_limit);
    // So that the tickets of unfinished episodes come back.
    const StopSignal::UnlimitedTime returning(stop_);
    selfplay::WorkerPool pool(
        config, std::move(clips), store, policies, gate,
        JournalEvents(journal, recent_),
        {.num_workers = num_workers_,
         .name = absl::StrCat(HostName(), "-", getpid()),
         .max_episodes = limits_.max_episodes,
         .shelf = {.first_passes = {.folder = arguments_.cache}}});
    while (!pool.WaitFor(kTick)) {
      if (stop_.is_set() || IsTimeUp() || IsFinished(store)) pool.Stop();
      ShowProgress();
    }
    if (!pool.status().ok()) return pool.status();
    return stop_.is_set() ? absl::CancelledError("interrupted")
                          : absl::OkStatus();
  }

  // Whether there is nothing left to play for.  Asks the store now and then;
  // what it has against that, the workers will hear too.
  bool IsFinished(ExperienceStore& store) {
    if (is_run_finished_ || Clock::now() < next_question_) {
      return is_run_finished_;
    }
    is_run_finished_ = selfplay::IsRunFinished(store).value_or(false);
    next_question_ = Clock::now() + kRunWait;
    return is_run_finished_;
  }

  double Seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }
  bool IsTimeUp() const { return Seconds() >= limits_.max_time.count(); }

  void ShowProgress() {
    if (!progress_.IsDue()) return;
    progress_.Update(
        absl::StrFormat("episodes %d  %.0f/h%s", recent_.count(),
                        3600 * static_cast<double>(recent_.count()) / Seconds(),
                        recent_.Text()));
  }

  const SelfPlayArguments& arguments_;
  const RoleLimits& limits_;
  const int num_workers_;
  StopSignal& stop_;
  ProgressLine progress_;
  RecentEpisodes recent_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_question_ = start_;
  bool is_run_finished_ = false;
};

}  // namespace

CLI::App& AddSelfPlayVerb(CLI::App& app, SelfPlayArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "selfplay", "The workers of a run whose learner is elsewhere");
  verb.add_option("--store", arguments.store,
                  "The run's store: postgresql://USER@HOST/DATABASE or "
                  "sqlite:PATH")
      ->required()
      ->type_name("URL");
  verb.add_option("--clips", arguments.clips,
                  "Folder of videos or CSV catalogue: the same for all "
                  "workers of the run")
      ->required()
      ->type_name("DIR|CSV");
  verb.add_option("--split", arguments.split,
                  "Only the clips of this split (default: train, if there are "
                  "splits)");
  verb.add_option("--workers", arguments.workers,
                  "Encodes at once (default: one per core)");
  verb.add_option("--cache", arguments.cache,
                  "Folder that keeps first-pass statistics for the next time")
      ->type_name("DIR");
  AddRoleFlags(verb, arguments.role, "End after this many episodes");
  verb.footer(
      "It may come and go at any time: what is lost is the episodes it is "
      "at.  It ends\nwhen the learner finishes the run, and waits for one that "
      "was killed or\ninterrupted.  A second Ctrl-C ends it at once.\n"
      "Example:\n"
      "  muzero-rc selfplay --store postgresql://muzero@db/muzero --clips "
      "videos/ --workers 8");
  return verb;
}

int RunSelfPlay(const SelfPlayArguments& arguments, StopSignal& stop) {
  const auto limits = ReadRoleLimits(arguments.role);
  const auto num_workers = ReadJobs(arguments.workers, "--workers");
  if (!limits.ok() || !num_workers.ok()) {
    PrintError(limits.ok() ? num_workers.status().message()
                           : limits.status().message());
    return kUsage;
  }
  SelfPlay self_play(arguments, *limits, *num_workers, stop);
  const absl::Status status = self_play.Run();
  if (!status.ok() && !absl::IsCancelled(status)) {
    PrintError(status.message());
    return absl::IsInvalidArgument(status) ? kUsage : kFailure;
  }
  std::cout << self_play.episodes() << " episodes played"
            << (self_play.is_run_finished() ? ": the learner finished the run"
                                            : "")
            << std::endl;
  if (status.ok()) return kSuccess;
  PrintError("interrupted: the episodes begun are thrown away");
  return kSignalBase + stop.signal();
}

}  // namespace cli
