#include "cli/status.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/stop_signal.h"
#include "muzero/whole_file.h"
#include "selfplay/experience_store.h"
#include "selfplay/training_report.h"
#include "selfplay/training_status.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;

constexpr std::chrono::seconds kWatchInterval(2);
constexpr std::chrono::milliseconds kStopInterval(50);
// A store that is busy for longer is one to hear of.
constexpr double kRetrySeconds = 5;

std::string UrlOf(const StatusArguments& arguments) {
  if (arguments.store) return *arguments.store;
  return absl::StrCat(
      "sqlite:",
      (std::filesystem::path(*arguments.run) / "experience.db").string());
}

// What the report calls the run; a URL may have a password.
std::string TitleOf(const StatusArguments& arguments) {
  return arguments.run.value_or("");
}

absl::StatusOr<std::unique_ptr<ExperienceStore>> OpenStore(
    const StatusArguments& arguments, const StopSignal& stop) {
  return ExperienceStore::Open(UrlOf(arguments),
                               {.connections = 1,
                                .retry_seconds = kRetrySeconds,
                                .is_read_only = true,
                                .stop = stop.token()});
}

absl::Status WriteReport(ExperienceStore& store,
                         const StatusArguments& arguments) {
  const auto report = selfplay::ReadTrainingReport(store);
  if (!report.ok()) return report.status();
  return muzero::WriteWholeFile(
      selfplay::RenderTrainingReport(*report, TitleOf(arguments)),
      *arguments.html);
}

absl::Status Print(ExperienceStore& store, const StatusArguments& arguments) {
  const auto status = selfplay::ReadTrainingStatus(store);
  if (!status.ok()) return status.status();
  if (arguments.watch && isatty(STDOUT_FILENO) != 0) {
    std::cout << "\x1b[H\x1b[2J";  // Clears the terminal.
  }
  std::cout << (arguments.print_json ? selfplay::StatusJson(*status) + "\n"
                                     : selfplay::StatusText(*status))
            << std::flush;
  return absl::OkStatus();
}

void WaitFor(std::chrono::milliseconds time, const StopSignal& stop) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stop.is_set() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kStopInterval);
  }
}

absl::Status Watch(ExperienceStore& store, const StatusArguments& arguments,
                   const StopSignal& stop) {
  while (!stop.is_set() && std::cout.good()) {
    const absl::Status printed = Print(store, arguments);
    // What is away may come back: a watch outlives a database's restart.
    if (absl::IsUnavailable(printed)) {
      PrintWarning(printed.message());
    } else if (!printed.ok()) {
      return printed;
    }
    WaitFor(kWatchInterval, stop);
  }
  return absl::OkStatus();
}

}  // namespace

CLI::App& AddStatusVerb(CLI::App& app, StatusArguments& arguments) {
  CLI::App& verb =
      *app.add_subcommand("status", "Show how far a training run has come");
  CLI::Option* run = verb.add_option("--run", arguments.run,
                                     "Folder of the run; or give its --store")
                         ->type_name("DIR");
  verb.add_option(
          "--store", arguments.store,
          "Store of the run: sqlite:PATH or postgresql://USER@HOST/DATABASE")
      ->type_name("URL")
      ->excludes(run);
  CLI::Option* json = verb.add_flag("--json", arguments.print_json,
                                    "Print the status as one JSON object");
  CLI::Option* html =
      verb.add_option("--html", arguments.html,
                      "Write a report with curves to this file, and no more")
          ->type_name("FILE");
  verb.add_flag("--watch", arguments.watch,
                "Print it every two seconds, until interrupted")
      ->excludes(html);
  html->excludes(json);
  verb.footer(
      "Examples:\n"
      "  muzero-rc status --run runs/first --watch\n"
      "  muzero-rc status --run runs/first --html report.html\n"
      "  muzero-rc status --store postgresql://trainer@db.example/muzero "
      "--json");
  return verb;
}

int RunStatus(const StatusArguments& arguments, StopSignal& stop) {
  if (!arguments.run && !arguments.store) {
    PrintError("no run: wanted --run or --store (see muzero-rc status --help)");
    return kUsage;
  }
  const auto store = OpenStore(arguments, stop);
  if (absl::IsUnavailable(store.status()) && stop.is_set()) {
    PrintError("interrupted while waiting for the store");
    return kSignalBase + stop.signal();
  }
  if (!store.ok()) {
    PrintError(store.status().message());
    return absl::IsInvalidArgument(store.status()) ? kUsage : kFailure;
  }
  const absl::Status status = arguments.html ? WriteReport(**store, arguments)
                              : arguments.watch
                                  ? Watch(**store, arguments, stop)
                                  : Print(**store, arguments);
  if (!status.ok()) {
    PrintError(status.message());
    return kFailure;
  }
  return stop.is_set() ? kSignalBase + stop.signal() : kSuccess;
}

}  // namespace cli
