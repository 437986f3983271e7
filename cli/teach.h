#ifndef CLI_TEACH_H_
#define CLI_TEACH_H_

#include <optional>
#include <string>

#include "cli/stop_signal.h"
#include "selfplay/teacher.h"

namespace CLI {
class App;
}

namespace cli {

// What people ask of `teach`.  What is not said is as in the run's
// configuration.
struct TeachArguments {
  std::string clips;  // Folder, CSV or file.
  std::string run;    // Folder.
  std::optional<std::string> config;
  std::string split;  // Empty: train, if there are splits.
  std::optional<std::string> targets;
  std::optional<int> max_height;
  std::optional<int> frames;
  std::optional<int> cpu_used;
  std::optional<int> jobs;
  std::optional<std::string> max_time;
  selfplay::TeacherOptions teacher;
  bool best_only = false;
  bool quiet = false;
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddTeachVerb(CLI::App& app, TeachArguments& arguments);

// Searches good q_index sequences and puts them into a run's store; what is
// there already is not searched again.  What was gained, on stdout.  Returns
// the program's exit status.
int RunTeach(const TeachArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_TEACH_H_
