#ifndef CLI_STATUS_H_
#define CLI_STATUS_H_

#include <optional>
#include <string>

#include "cli/stop_signal.h"

namespace CLI {
class App;
}

namespace cli {

// What the flags of `muzero-rc status` hold, as typed.
struct StatusArguments {
  std::optional<std::string> store;
  std::optional<std::string> run;
  std::optional<std::string> html;
  bool print_json = false;
  bool watch = false;
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddStatusVerb(CLI::App& app, StatusArguments& arguments);

// Tells how far a training run has come, on stdout, and writes its HTML report
// if asked to.  Returns the exit status.
int RunStatus(const StatusArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_STATUS_H_
