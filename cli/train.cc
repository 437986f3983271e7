#include "cli/train.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/argument_parsers.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/recent_episodes.h"
#include "cli/role_flags.h"
#include "cli/run_config.h"
#include "cli/run_folder.h"
#include "cli/training_clips.h"
#include "cli/training_evaluation.h"
#include "cli/training_journal.h"
#include "cli/training_loop.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/network_library.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner.h"
#include "selfplay/learner_gate.h"
#include "selfplay/run_end.h"
#include "selfplay/store_policy_source.h"
#include "selfplay/training_config.h"
#include "selfplay/training_status.h"
#include "selfplay/worker_pool.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using selfplay::Learner;
using selfplay::TrainingConfig;

// What a run needs, in the order in which it is opened.
struct Run {
  muzero::Device device = muzero::Device::kAuto;
  int num_workers = 1;  // train only.
  TrainingLoopOptions loop;
  std::stop_token stop;
  std::unique_ptr<RunFolder> folder;
  TrainingConfig config;
  TrainingClips clips;
  std::unique_ptr<ExperienceStore> store;
  std::unique_ptr<TrainingJournal> journal;
  std::unique_ptr<Learner> learner;
};

absl::Status ReadNumbers(const TrainingArguments& arguments, StopSignal& stop,
                         Run& run) {
  const auto limits = ReadRoleLimits(arguments.role);
  if (!limits.ok()) return limits.status();
  const auto num_workers = ReadJobs(arguments.workers, "--workers");
  if (!num_workers.ok()) return num_workers.status();
  run.device = limits->device;
  run.num_workers = *num_workers;
  if (arguments.max_steps && *arguments.max_steps < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max-steps ", *arguments.max_steps, ": wanted 1 at least"));
  }
  run.loop = {.max_episodes = limits->max_episodes,
              .max_steps = arguments.max_steps.value_or(
                  std::numeric_limits<int64_t>::max()),
              .max_time = limits->max_time,
              .is_quiet = arguments.role.quiet,
              .should_stop = [&stop] { return stop.is_set(); }};
  run.stop = stop.token();
  return absl::OkStatus();
}

// Tells those who look from outside what to expect of the run.
absl::Status TellSettings(const TrainingArguments& arguments,
                          ExperienceStore& store) {
  absl::Status status =
      store
          .PutSettingOnce(selfplay::kStartedAtSetting,
                          absl::StrCat(absl::ToUnixSeconds(absl::Now())))
          .status();
  if (status.ok()) status = selfplay::TellRunGoesOn(store);
  if (!status.ok()) return status;
  return store.PutSetting(selfplay::kMaxEpisodesSetting,
                          arguments.role.max_episodes
                              ? absl::StrCat(*arguments.role.max_episodes)
                              : "");
}

absl::Status OpenStore(const TrainingArguments& arguments, Run& run) {
  auto store = ExperienceStore::Open(
      arguments.store.value_or(run.folder->StoreUrl()), {.stop = run.stop});
  if (!store.ok()) return store.status();
  run.store = *std::move(store);
  absl::Status status = TellRunConfig(run.config, *run.store);
  if (status.ok()) status = TellSettings(arguments, *run.store);
  if (!status.ok()) return status;
  auto journal = TrainingJournal::Open(*run.store, &run.folder->metrics(),
                                       arguments.role.prometheus);
  if (!journal.ok()) return journal.status();
  run.journal = *std::move(journal);
  return absl::OkStatus();
}

absl::Status OpenLearner(const TrainingArguments& arguments, Run& run) {
  selfplay::LearnerOptions options = {
      .config = run.config,
      .run_folder = run.folder->path(),
      .device = run.device,
      .networks = {.create_trainer = muzero::CreateNetworkTrainer,
                   .resume_trainer = muzero::ResumeNetworkTrainer,
                   .create_model = muzero::CreateNetworkModel}};
  if (arguments.init) {
    auto model = muzero::LoadCheckpoint(*arguments.init);
    if (!model.ok()) return model.status();
    options.initial_network = *std::move(model);
  }
  auto learner = Learner::Open(*run.store, options);
  if (!learner.ok()) return learner.status();
  run.learner = *std::move(learner);
  return absl::OkStatus();
}

absl::Status OpenRun(const TrainingArguments& arguments, Run& run) {
  auto folder = RunFolder::Open(arguments.run);
  if (!folder.ok()) return folder.status();
  run.folder = *std::move(folder);
  auto config = run.folder->Configure(arguments.config, arguments.seed);
  if (!config.ok()) return config.status();
  run.config = *std::move(config);
  if (arguments.clips) {
    auto clips =
        OpenTrainingClips(*arguments.clips, run.config.evaluation.split);
    if (!clips.ok()) return clips.status();
    run.clips = *std::move(clips);
  }
  absl::Status status = OpenStore(arguments, run);
  if (status.ok()) status = OpenLearner(arguments, run);
  return status;
}

std::unique_ptr<TrainingEvaluation> MakeEvaluation(
    const TrainingArguments& arguments, const Run& run) {
  if (run.clips.evaluation.empty() ||
      run.config.evaluation.every_episodes == 0) {
    return nullptr;
  }
  return std::make_unique<TrainingEvaluation>(TrainingEvaluationOptions{
      .config = run.config,
      .clips = run.clips.evaluation,
      .work_folder = run.folder->CachePath() + "/evaluation",
      .best_model_path = run.folder->BestModelPath(),
      .device = arguments.role.device});
}

int Finish(const absl::Status& status, const Run& run, const StopSignal& stop) {
  if (status.ok() || absl::IsCancelled(status)) {
    std::cout << run.folder->path() << ": " << run.learner->episodes()
              << " episodes, " << run.learner->step() << " steps, weights "
              << run.learner->weights_version() << std::endl;
  }
  if (status.ok()) return kSuccess;
  if (absl::IsCancelled(status) && stop.is_set()) {
    PrintError(absl::StrCat("interrupted: run it again with --run ",
                            run.folder->path(), " to go on"));
    return kSignalBase + stop.signal();
  }
  PrintError(status.message());
  return kFailure;
}

// A signal leaves the loop all the time it takes to save what it has, and not
// what comes after it: an evaluation that is broken off has nothing to save.
absl::Status RunLoop(TrainingLoop& loop, StopSignal& stop) {
  const StopSignal::UnlimitedTime saving(stop);
  return loop.Run();
}

absl::Status Train(const TrainingArguments& arguments, Run& run,
                   StopSignal& stop) {
  selfplay::StorePolicySource policies(
      *run.store,
      [&run](const muzero::Checkpoint& checkpoint) {
        return muzero::CreateNetworkModel(checkpoint, run.device);
      },
      {.refresh_interval = std::chrono::milliseconds(0)});
  // One worker and the learner take turns: then the seed decides everything.
  selfplay::RateLimitConfig limit = run.config.rate_limit;
  if (run.num_workers == 1) limit.max_ahead = 0;
  selfplay::LearnerGate gate(*run.store, limit);
  const auto counts = run.store->Counts();
  if (!counts.ok()) return counts.status();
  RecentEpisodes recent;
  const std::unique_ptr<TrainingEvaluation> evaluation =
      MakeEvaluation(arguments, run);
  selfplay::WorkerPool pool(
      run.config, run.clips.training, *run.store, policies, gate,
      JournalEvents(*run.journal, recent),
      {.num_workers = run.num_workers,
       .name = absl::StrCat("train-", getpid()),
       .max_episodes =
           std::max<int64_t>(0, run.loop.max_episodes - counts->episodes),
       .shelf = {.first_passes = {.folder = run.folder->CachePath() +
                                            "/first-passes"}}});
  TrainingLoop loop({.config = run.config,
                     .store = *run.store,
                     .learner = *run.learner,
                     .journal = *run.journal,
                     .recent = recent,
                     .pool = &pool,
                     .evaluation = evaluation.get()},
                    run.loop);
  return RunLoop(loop, stop);
}

absl::Status Learn(const TrainingArguments& arguments, Run& run,
                   StopSignal& stop) {
  const RecentEpisodes recent;  // They are played elsewhere.
  const std::unique_ptr<TrainingEvaluation> evaluation =
      MakeEvaluation(arguments, run);
  TrainingLoop loop({.config = run.config,
                     .store = *run.store,
                     .learner = *run.learner,
                     .journal = *run.journal,
                     .recent = recent,
                     .evaluation = evaluation.get()},
                    run.loop);
  return RunLoop(loop, stop);
}

int PrintOpenError(const absl::Status& status, const StopSignal& stop) {
  if (absl::IsUnavailable(status) && stop.is_set()) {
    PrintError("interrupted while waiting for the store");
    return kSignalBase + stop.signal();
  }
  PrintError(status.message());
  return absl::IsInvalidArgument(status) ? kUsage : kFailure;
}

void AddCommonFlags(CLI::App& verb, TrainingArguments& arguments) {
  verb.add_option("--run", arguments.run,
                  "Folder of the run; the same again goes on with it")
      ->required()
      ->type_name("DIR");
  verb.add_option("--config", arguments.config,
                  "TOML file of constants; the run folder keeps a copy, with "
                  "an explanation of each")
      ->type_name("FILE");
  verb.add_option("--init", arguments.init,
                  "Model to begin with (default: random weights)")
      ->type_name("FILE");
  verb.add_option("--seed", arguments.seed, "Of all that is drawn at random");
  AddRoleFlags(verb, arguments.role, "End when the run has this many episodes");
}

}  // namespace

CLI::App& AddTrainVerb(CLI::App& app, TrainingArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "train", "Learn from encodes by self-play, on this machine");
  verb.add_option("--clips", arguments.clips,
                  "Folder of videos or CSV catalogue; of one with splits, "
                  "train is trained on, validation measured with")
      ->required()
      ->type_name("DIR|CSV");
  AddCommonFlags(verb, arguments);
  verb.add_option("--workers", arguments.workers,
                  "Encodes at once (default: one per core); with 1 a seed "
                  "gives the same run again");
  verb.footer(
      "Ctrl-C ends it once all is saved, a second one at once.\n"
      "Example:\n"
      "  muzero-rc train --clips videos/ --run out/run --max-time 2h\n"
      "  muzero-rc status --run out/run\n"
      "  muzero-rc export --run out/run -o policy.safetensors");
  return verb;
}

CLI::App& AddLearnVerb(CLI::App& app, TrainingArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "learn", "The learner of a run whose workers are elsewhere");
  verb.add_option("--store", arguments.store,
                  "postgresql://USER@HOST/DATABASE or sqlite:PATH")
      ->required()
      ->type_name("URL");
  verb.add_option("--clips", arguments.clips,
                  "Catalogue whose split validation the weights are measured "
                  "with (default: they are not)")
      ->type_name("CSV");
  AddCommonFlags(verb, arguments);
  verb.add_option("--max-steps", arguments.max_steps,
                  "End when the run has this many gradient steps");
  verb.footer(
      "Ctrl-C ends it once all is saved, a second one at once.  Workers wait "
      "for it\nto go on, unless it ended by itself.\n"
      "Example:\n"
      "  muzero-rc learn --store postgresql://muzero@db/muzero --run out/run");
  return verb;
}

int RunTrain(const TrainingArguments& arguments, StopSignal& stop) {
  Run run;
  absl::Status status = ReadNumbers(arguments, stop, run);
  if (status.ok()) status = OpenRun(arguments, run);
  if (!status.ok()) return PrintOpenError(status, stop);
  return Finish(Train(arguments, run, stop), run, stop);
}

int RunLearn(const TrainingArguments& arguments, StopSignal& stop) {
  Run run;
  absl::Status status = ReadNumbers(arguments, stop, run);
  if (status.ok()) status = OpenRun(arguments, run);
  if (!status.ok()) return PrintOpenError(status, stop);
  return Finish(Learn(arguments, run, stop), run, stop);
}

}  // namespace cli
