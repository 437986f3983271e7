#ifndef CLI_COMMAND_LINE_H_
#define CLI_COMMAND_LINE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/encode_arguments.h"
#include "cli/evaluate.h"
#include "cli/export.h"
#include "cli/selfplay.h"
#include "cli/status.h"
#include "cli/stop_signal.h"
#include "cli/teach.h"
#include "cli/training_arguments.h"
#include "cli/wrap.h"

namespace CLI {
class App;
}

namespace cli {

struct Verb {
  const CLI::App& app;
  std::function<int(StopSignal&)> run;  // Returns the exit status.
};

// All verbs with all their flags: what is parsed, and what --help, manual pages
// and completions are made from.  Not thread-safe.
class CommandLine {
 public:
  // `typed` is the whole command line, for reports.
  explicit CommandLine(std::string typed);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Parsing it fills what the verbs run with.
  CLI::App& app() { return *app_; }

  const std::vector<Verb>& verbs() const { return verbs_; }

 private:
  const std::unique_ptr<CLI::App> app_;
  EncodeArguments encode_;
  EvaluateArguments evaluate_;
  TeachArguments teach_;
  TrainingArguments train_;
  TrainingArguments learn_;
  SelfPlayArguments self_play_;
  StatusArguments status_;
  ExportArguments export_;
  WrapArguments wrap_;
  const std::vector<Verb> verbs_;  // Its elements refer to all of the above.
};

}  // namespace cli

#endif  // CLI_COMMAND_LINE_H_
