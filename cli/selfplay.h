#ifndef CLI_SELFPLAY_H_
#define CLI_SELFPLAY_H_

#include <optional>
#include <string>

#include "cli/role_flags.h"
#include "cli/stop_signal.h"

namespace CLI {
class App;
}

namespace cli {

// What people ask of `selfplay`.
struct SelfPlayArguments {
  std::string store;           // URL.
  std::string clips;           // Folder, CSV or file.
  std::string split;           // Empty: train, if there are splits.
  std::optional<int> workers;  // None: one per core.
  std::string cache;           // Folder of first passes; empty: none.
  RoleArguments role;          // Episodes are those of this process.
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddSelfPlayVerb(CLI::App& app, SelfPlayArguments& arguments);

// Plays episodes for a learner elsewhere; how many, on stdout.  Returns the
// program's exit status.
int RunSelfPlay(const SelfPlayArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_SELFPLAY_H_
