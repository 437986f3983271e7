#ifndef CLI_ENCODE_ARGUMENTS_H_
#define CLI_ENCODE_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/controllers.h"
#include "encoder_bridge/encoder_settings.h"

namespace cli {

// What the flags of `muzero-rc encode` hold, as typed.
struct EncodeArguments {
  std::vector<std::string> inputs;  // At least one.
  std::optional<std::string> output;
  std::optional<std::string> out_dir;
  std::optional<int> jobs;
  std::optional<std::string>
      controller;  // None: muzero, or feedback where only that will do.
  std::optional<std::string> target_bitrate;
  std::optional<std::string> target_size;
  int attempts = 1;
  int effort = 1;
  std::string chunks = "1";
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
  std::string bit_depth = "auto";
  std::string audio = "auto";
  std::optional<std::string> audio_bitrate;
  std::optional<std::string> stats;
  bool verify = false;
  std::optional<std::string> report;
  bool report_libvpx = false;
  bool print_json = false;
  bool overwrite = false;
  bool quiet = false;
};

}  // namespace cli

#endif  // CLI_ENCODE_ARGUMENTS_H_
