#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_line.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/libraries.h"

namespace {

// The command line as a person could paste it.
std::string TypedLine(int argc, char** argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool is_plain =
        !argument.empty() &&
        argument.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            "_-./,:=+@%") == std::string::npos;
    absl::StrAppend(&line, i > 0 ? " " : "",
                    is_plain ? argument : absl::StrCat("'", argument, "'"));
  }
  return line;
}

// A file that is opened must not get the number of a standard stream that is
// closed: what is meant for that would go into the file.  Using one that was
// closed stays an error.
void OccupyStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest that is free, which is `fd`.
    [[maybe_unused]] const int opened =
        open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int Main(int argc, char** argv) {
  OccupyStandardStreams();
  cli::CommandLine command_line(TypedLine(argc, argv));
  CLI::App& app = command_line.app();
  const std::vector<cli::Verb>& verbs = command_line.verbs();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too.
    if (error.get_exit_code() == 0) return app.exit(error);
    cli::PrintError(absl::StrCat(error.what(), " (see muzero-rc --help)"));
    return cli::kUsage;
  }

  const auto verb =
      std::find_if(verbs.begin(), verbs.end(),
                   [](const cli::Verb& each) { return each.app.parsed(); });
  if (verb == verbs.end()) {
    cli::PrintError(
        absl::StrCat("no verb: wanted ",
                     absl::StrJoin(verbs, ", ",
                                   [](std::string* out, const cli::Verb& each) {
                                     out->append(each.app.get_name());
                                   }),
                     " (see muzero-rc --help)"));
    return cli::kUsage;
  }

  // A write past a size limit is then an error that names the file.
  std::signal(SIGXFSZ, SIG_IGN);
  encoder_bridge::SilenceLibraries();
  cli::StopSignal stop;
  const int status = verb->run(stop);
  if (std::cout.flush()) return status;
  cli::PrintError("cannot write to standard output");
  return cli::kFailure;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {  // Out of memory, most likely.
    cli::PrintError(error.what());
    return cli::kFailure;
  }
}
