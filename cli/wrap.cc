#include "cli/wrap.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "cli/exit_status.h"
#include "cli/installed_file.h"
#include "cli/messages.h"
#include "cli/stop_signal.h"
#include "cli/wrapped_program.h"
#include "encoder_bridge/temporary_file.h"
#include "selfplay/loaded_policy.h"

extern char** environ;

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr int kCannotRun = 126;
constexpr int kNoProgram = 127;

// What the preloaded library saw, in all processes of the program.
struct WrapReport {
  int second_passes = 0;
  int left_alone = 0;
  int failed = 0;
  int64_t frames = 0;
  std::string reason;  // The last one to leave an encoder alone.
};

WrapReport ReadReport(const std::string& path) {
  WrapReport report;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    absl::string_view rest = line;
    int64_t frames = 0;
    if (line == "second pass") {
      ++report.second_passes;
    } else if (absl::ConsumePrefix(&rest, "frames: ")) {
      if (absl::SimpleAtoi(rest, &frames)) report.frames += frames;
    } else if (absl::ConsumePrefix(&rest, "left alone: ")) {
      ++report.left_alone;
      if (rest != "first pass") report.reason = std::string(rest);
    } else if (absl::StartsWith(line, "failed: ")) {
      ++report.failed;
    }
  }
  return report;
}

absl::Status CheckArguments(const WrapArguments& arguments) {
  if (arguments.controller != "feedback" && arguments.controller != "muzero") {
    return absl::InvalidArgumentError(
        absl::StrCat("--controller ", arguments.controller,
                     " cannot be wrapped: wanted feedback or muzero"));
  }
  if (arguments.controller == "feedback" &&
      arguments.controller_options.model) {
    return absl::InvalidArgumentError("--model is for --controller muzero");
  }
  return absl::OkStatus();
}

// Sets what the preloaded library and the dynamic linker read.
absl::Status SetEnvironment(const WrapArguments& arguments,
                            const std::optional<std::string>& model,
                            const std::string& report) {
  const auto preload = FindInstalledFile(PRELOAD_FILE, PRELOAD_FOLDER);
  if (!preload.ok()) return preload.status();
  const auto library =
      FindInstalledFile(RATE_CONTROL_FILE, RATE_CONTROL_FOLDER);
  if (!library.ok()) return library.status();
  if (preload->find_first_of(" :") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("the dynamic linker cannot preload ", *preload,
                     ": wanted a path without blanks and colons"));
  }
  const char* before = std::getenv("LD_PRELOAD");
  const bool has_other = before != nullptr && *before != '\0';
  setenv("LD_PRELOAD",
         (has_other ? absl::StrCat(*preload, ":", before) : *preload).c_str(),
         1);
  setenv("MUZERO_RC_LIBRARY", library->c_str(), 1);
  setenv("MUZERO_RC_REPORT", report.c_str(), 1);
  unsetenv("MUZERO_RC_MODEL");
  if (!model) return absl::OkStatus();
  std::error_code error;
  setenv("MUZERO_RC_MODEL", fs::absolute(*model, error).c_str(), 1);
  setenv("MUZERO_RC_SIMULATIONS",
         absl::StrCat(arguments.controller_options.num_simulations).c_str(), 1);
  return absl::OkStatus();
}

// Starts `program` with all signals as this program found them.
absl::StatusOr<pid_t> Start(const std::string& program,
                            std::vector<std::string> command) {
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  const absl::Cleanup destroy = [&] { posix_spawnattr_destroy(&attributes); };
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGXFSZ);  // main() ignores it.
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int error =
      posix_spawn(&child, program.c_str(), /*file_actions=*/nullptr,
                  &attributes, argv.data(), environ);
  if (error == 0) return child;
  return absl::PermissionDeniedError(
      absl::StrCat(program, " cannot be run: ", std::strerror(error)));
}

// Whether a terminal that sends us a signal sends it to our children, too.
bool IsInForeground() {
  const int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return false;
  const bool is = tcgetpgrp(terminal) == getpgrp();
  close(terminal);
  return is;
}

// Waits for the program's end, and hands signals on to it.
int Wait(pid_t child, StopSignal& stop) {
  {
    const StopSignal::UnlimitedTime unlimited(stop);
    const StopSignal::ChildProcess named(stop, child);
    const std::stop_callback hand_on(stop.token(), [&] {
      if (stop.signal() != SIGINT || !IsInForeground()) {
        kill(child, stop.signal());
      }
    });
    siginfo_t ended = {};
    // Not reaped yet: its number stays its own while signals are handed on.
    while (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) !=
               0 &&
           errno == EINTR) {
    }
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status)
                           : kSignalBase + WTERMSIG(status);
}

void PrintReport(const WrapReport& report, const WrapArguments& arguments) {
  if (report.second_passes + report.left_alone + report.failed == 0) {
    PrintWarning(absl::StrCat(arguments.command[0],
                              " opened no encoder of the shared libvpx: "
                              "nothing was changed"));
  } else if (report.second_passes + report.failed == 0 &&
             !report.reason.empty()) {
    PrintWarning(
        absl::StrCat("nothing was changed: the encoder is ", report.reason));
  } else if (report.second_passes > 0 && !arguments.quiet) {
    std::cerr << "muzero-rc: " << arguments.controller
              << " chose the quantizers of " << report.frames
              << " coded frames\n";
  }
}

}  // namespace

CLI::App& AddWrapVerb(CLI::App& app, WrapArguments& arguments) {
  CLI::App& verb = *app.add_subcommand(
      "wrap", "Run ffmpeg, vpxenc or another program with this rate control");
  verb.add_option("--controller", arguments.controller,
                  "Who chooses the quantizer of every frame")
      ->type_name("feedback|muzero")
      ->capture_default_str();
  AddPolicyFlags(verb, arguments.controller_options,
                 PolicyFlags::kWithoutDevice);
  verb.add_flag("-q,--quiet", arguments.quiet, "Say nothing if all is well");
  verb.add_option("command", arguments.command,
                  "Program to run, after --, and its arguments")
      ->required()
      ->expected(-1);
  verb.positionals_at_end();
  verb.footer(
      "Every VP9 encoder of the shared libvpx that the program opens for a "
      "second pass in VBR\nmode gets the rate control; nothing else is "
      "touched. The program's exit status is\nkept.\n\n"
      "Examples:\n"
      "  muzero-rc wrap -- vpxenc --passes=2 --target-bitrate=512 -o out.webm "
      "in.y4m\n"
      "  muzero-rc wrap -- ffmpeg -i in.mp4 -c:v libvpx-vp9 -b:v 512k -pass 2 "
      "out.webm");
  return verb;
}

int RunWrap(const WrapArguments& arguments, StopSignal& stop) {
  absl::Status status = CheckArguments(arguments);
  if (!status.ok()) {
    PrintError(status.message());
    return kUsage;
  }
  const auto program = FindWrappableProgram(arguments.command[0]);
  if (!program.ok()) {
    PrintError(program.status().message());
    return absl::IsNotFound(program.status()) ? kNoProgram : kCannotRun;
  }
  std::optional<std::string> model;
  if (arguments.controller == "muzero") {
    const auto path = ModelPath(arguments.controller_options);
    if (!path.ok()) {
      PrintError(path.status().message());
      return kUsage;
    }
    model = *path;
    status = selfplay::LoadPolicyCheckpoint(*model).status();
    if (!status.ok()) {
      PrintError(status.message());
      return kFailure;
    }
  }
  // For what the preloaded library reports.
  const auto report = encoder_bridge::MakeTemporaryFile();
  if (!report.ok()) {
    PrintError(report.status().message());
    return kFailure;
  }
  stop.AlsoRemove(*report);
  const absl::Cleanup remove = [&] { std::remove(report->c_str()); };
  status = SetEnvironment(arguments, model, *report);
  if (!status.ok()) {
    PrintError(status.message());
    return kFailure;
  }
  const auto child = Start(*program, arguments.command);
  if (!child.ok()) {
    PrintError(child.status().message());
    return kCannotRun;
  }
  const int exit_status = Wait(*child, stop);
  PrintReport(ReadReport(*report), arguments);
  return exit_status;
}

}  // namespace cli
