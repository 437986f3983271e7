#ifndef CLI_ENCODE_H_
#define CLI_ENCODE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/controllers.h"
#include "cli/exit_status.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/encoder_settings.h"

namespace CLI {
class App;
}

namespace cli {

// What the flags of `muzero-rc encode` hold, as typed.
struct EncodeArguments {
  std::string input;
  std::string output;
  std::string controller = "feedback";
  std::optional<std::string> target_bitrate;
  std::optional<int> cq_level;
  std::optional<int> q_index;
  ControllerOptions controller_options;
  encoder_bridge::EncoderSettings settings;
  std::optional<int> threads;
  std::optional<std::string> size;
  std::optional<int> height;
  std::optional<std::string> start;
  std::optional<std::string> duration;
  std::optional<int64_t> frames;
  std::optional<std::string> stats;
  bool print_json = false;
  bool overwrite = false;
  bool quiet = false;
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddEncodeVerb(CLI::App& app, EncodeArguments& arguments);

// Encodes one video to one WebM file: result on stdout, progress, warnings and
// errors on stderr.
int RunEncode(const EncodeArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_ENCODE_H_
