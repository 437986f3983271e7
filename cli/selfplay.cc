#include "cli/selfplay.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <limits>
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
#include "cli/run_config.h"
#include "cli/training_clips.h"
#include "cli/training_journal.h"
#include "muzero/device.h"
#include "muzero/network_library.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner_gate.h"
#include "selfplay/store_policy_source.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_pool.h"
#include "videos/clip_catalogue.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using selfplay::TrainingClip;
using selfplay::TrainingConfig;
using Clock = std::chrono::steady_clock;

constexpr int kMaxWorkers = 256;
constexpr std::chrono::milliseconds kTick{20};
// Between questions to the store for a run that has not begun.
constexpr std::chrono::seconds kRunWait{1};

// What the command line says, understood.
struct Wishes {
  muzero::Device device = muzero::Device::kAuto;
  int num_workers = 1;
  int64_t max_episodes = std::numeric_limits<int64_t>::max();
  std::chrono::duration<double> max_time{
      std::numeric_limits<double>::infinity()};
};

absl::StatusOr<Wishes> Understand(const SelfPlayArguments& arguments) {
  Wishes wishes;
  const auto device = muzero::ParseDevice(arguments.device);
  if (!device.ok()) return device.status();
  wishes.device = *device;
  wishes.num_workers = arguments.workers.value_or(
      std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  if (wishes.num_workers < 1 || wishes.num_workers > kMaxWorkers) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--workers ", wishes.num_workers, " is not in [1, ", kMaxWorkers, "]"));
  }
  wishes.max_episodes = arguments.max_episodes.value_or(wishes.max_episodes);
  if (wishes.max_episodes < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max-episodes ", wishes.max_episodes, " is not at least 1"));
  }
  if (!arguments.max_time) return wishes;
  const auto seconds = ParseDurationSeconds(*arguments.max_time);
  if (!seconds.ok()) return seconds.status();
  wishes.max_time = std::chrono::duration<double>(*seconds);
  return wishes;
}

absl::StatusOr<std::vector<TrainingClip>> OpenClips(
    const SelfPlayArguments& arguments, const TrainingConfig& config) {
  if (arguments.split.empty()) {
    auto clips = OpenTrainingClips(arguments.clips, config.evaluation.split);
    if (!clips.ok()) return clips.status();
    return std::move(clips->training);
  }
  auto catalogue = videos::ClipCatalogue::Open(arguments.clips);
  if (catalogue.ok()) catalogue = catalogue->Select(arguments.split);
  if (!catalogue.ok()) return catalogue.status();
  std::vector<TrainingClip> clips;
  for (const videos::Clip& clip : catalogue->clips()) {
    clips.push_back({.name = clip.name, .path = clip.path});
  }
  return clips;
}

std::string HostName() {
  std::array<char, 256> name = {};
  if (gethostname(name.data(), name.size() - 1) != 0) return "worker";
  return name.data();
}

// The workers of one process, from the open store on.
class SelfPlay {
 public:
  SelfPlay(const SelfPlayArguments& arguments, const Wishes& wishes,
           StopSignal& stop)
      : arguments_(arguments),
        wishes_(wishes),
        stop_(stop),
        progress_(ProgressLine::ModeFor(arguments.quiet)) {}

  // Cancelled if a signal came.
  absl::Status Run() {
    auto store = ExperienceStore::Open(arguments_.store, {});
    if (!store.ok()) return store.status();
    auto journal =
        TrainingJournal::Open(**store, /*file=*/nullptr, arguments_.prometheus);
    if (!journal.ok()) return journal.status();
    const auto config = WaitForRun(**store);
    if (!config.ok()) return config.status();
    auto clips = OpenClips(arguments_, *config);
    if (!clips.ok()) return clips.status();
    return Play(*config, *std::move(clips), **store, **journal);
  }

  int64_t episodes() const { return recent_.count(); }

 private:
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
    progress_.Clear();
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
          return muzero::CreateNetworkModel(checkpoint, wishes_.device);
        },
        options);
    selfplay::LearnerGate gate(store, config.rate_limit);
    selfplay::WorkerPool pool(
        config, std::move(clips), store, policies, gate,
        JournalEvents(journal, recent_),
        {.num_workers = wishes_.num_workers,
         .name = absl::StrCat(HostName(), "-", getpid()),
         .max_episodes = wishes_.max_episodes,
         .shelf = {.first_passes = {.folder = arguments_.cache}}});
    while (!pool.WaitFor(kTick)) {
      if (stop_.is_set() || IsTimeUp()) pool.Stop();
      ShowProgress();
    }
    progress_.Clear();
    if (!pool.status().ok()) return pool.status();
    return stop_.is_set() ? absl::CancelledError("interrupted")
                          : absl::OkStatus();
  }

  double Seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }
  bool IsTimeUp() const { return Seconds() >= wishes_.max_time.count(); }

  void ShowProgress() {
    if (!progress_.IsDue()) return;
    progress_.Update(
        absl::StrFormat("episodes %d  %.0f/h%s", recent_.count(),
                        3600 * static_cast<double>(recent_.count()) / Seconds(),
                        recent_.Text()));
  }

  const SelfPlayArguments& arguments_;
  const Wishes& wishes_;
  StopSignal& stop_;
  ProgressLine progress_;
  RecentEpisodes recent_;
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

CLI::App& AddSelfPlayVerb(CLI::App& app, SelfPlayArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "selfplay", "The workers of a run whose learner is elsewhere");
  verb.add_option("--store", arguments.store,
                  "The run's store: postgresql://USER@HOST/DATABASE or "
                  "sqlite:PATH")
      ->required();
  verb.add_option("--clips", arguments.clips,
                  "Folder of videos or CSV catalogue: the same for all "
                  "workers of the run")
      ->required();
  verb.add_option("--split", arguments.split,
                  "Only the clips of this split (default: train, if there are "
                  "splits)");
  verb.add_option("--workers", arguments.workers,
                  "Encodes at once (default: one per core)");
  verb.add_option("--max-episodes", arguments.max_episodes,
                  "End after this many episodes");
  verb.add_option("--max-time", arguments.max_time,
                  "End after this time, such as 90m or 2h");
  verb.add_option("--cache", arguments.cache,
                  "Folder that keeps first-pass statistics for the next time");
  verb.add_option("--device", arguments.device,
                  "Where networks run: auto, cpu or cuda")
      ->capture_default_str();
  verb.add_option("--prometheus", arguments.prometheus,
                  "Answer Prometheus at this port of 127.0.0.1, or HOST:PORT");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line");
  verb.footer(
      "It may come and go at any time: what is lost is the episodes it is "
      "at.\n"
      "Example:\n"
      "  muzero-rc selfplay --store postgresql://muzero@db/muzero --clips "
      "videos/ --workers 8");
  return verb;
}

int RunSelfPlay(const SelfPlayArguments& arguments, StopSignal& stop) {
  const absl::StatusOr<Wishes> wishes = Understand(arguments);
  if (!wishes.ok()) {
    PrintError(wishes.status().message());
    return kUsage;
  }
  SelfPlay self_play(arguments, *wishes, stop);
  const absl::Status status = self_play.Run();
  if (!status.ok() && !absl::IsCancelled(status)) {
    PrintError(status.message());
    return absl::IsInvalidArgument(status) ? kUsage : kFailure;
  }
  std::cout << self_play.episodes() << " episodes played" << std::endl;
  if (status.ok()) return kSuccess;
  PrintError("interrupted: the episodes begun are thrown away");
  return kSignalBase + stop.signal();
}

}  // namespace cli
