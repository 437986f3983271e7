#ifndef CLI_EVALUATE_H_
#define CLI_EVALUATE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/controllers.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/encoder_settings.h"

namespace CLI {
class App;
}

namespace cli {

// What the flags of `muzero-rc evaluate` hold, as typed.
struct EvaluateArguments {
  std::string clips;
  std::optional<std::string> split;
  std::string controllers = "libvpx,feedback,muzero";
  std::optional<std::string> targets;
  bool scale_targets = false;
  std::string anchor = "libvpx";
  std::optional<std::string> cq_levels;
  std::optional<std::string> q_indices;
  ControllerOptions controller_options;
  encoder_bridge::EncoderSettings settings;
  std::optional<int> jobs;
  std::optional<int64_t> frames;
  std::optional<int> max_height;
  std::string bit_depth = "auto";
  std::string out;
  bool print_json = false;
  bool quiet = false;
  std::string command_line;  // As typed, for the report.
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddEvaluateVerb(CLI::App& app, EvaluateArguments& arguments);

// Measures controllers on clips and writes points.csv, summary.json,
// summary.md and report.html into a folder: summary on stdout, progress,
// warnings and errors on stderr.  Returns the exit status.
int RunEvaluate(const EvaluateArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_EVALUATE_H_
