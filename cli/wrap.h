#ifndef CLI_WRAP_H_
#define CLI_WRAP_H_

#include <string>
#include <vector>

#include "cli/controllers.h"
#include "cli/stop_signal.h"

namespace CLI {
class App;
}

namespace cli {

struct WrapArguments {
  std::string controller = "feedback";
  ControllerOptions controller_options;
  bool quiet = false;
  std::vector<std::string> command;  // Program and arguments.
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddWrapVerb(CLI::App& app, WrapArguments& arguments);

// Runs a program that encodes with libvpx, with our rate control in it.
// Returns the program's exit status; 126 if it cannot be run and 127 if there
// is none, as env(1) does.
int RunWrap(const WrapArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_WRAP_H_
