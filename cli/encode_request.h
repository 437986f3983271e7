#ifndef CLI_ENCODE_REQUEST_H_
#define CLI_ENCODE_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/encode_arguments.h"
#include "encoder_bridge/audio_tracks.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/video_reader.h"
#include "eval/sweep_controller.h"

namespace cli {

// One encode of the command line of `encode`, understood.
struct EncodeRequest {
  std::string input;
  std::string input_name;  // For people; empty: the input's own.
  std::string output;
  std::optional<std::string> stats;
  std::optional<std::string> report;
  bool report_libvpx = false;  // With libvpx's own choice beside.
  eval::SweepController controller;
  int level = 0;
  std::optional<double> target_kbps;
  std::optional<int64_t> target_bytes;  // Of the file.
  encoder_bridge::EncoderSettings settings;
  // Chunks of the video that are coded at once, at most; nothing: as many as
  // suit it.
  std::optional<int> chunks = 1;
  encoder_bridge::VideoReaderOptions reader;
  encoder_bridge::AudioOptions audio;  // With the output's container.
  // Decode the finished file before it gets its name.
  bool verify = false;
  bool quiet = false;  // No progress.
};

// Returns what `arguments` ask for, one for each input, or an error that says
// what is wrong with them, or with the model.  Looks at the outputs' places,
// but opens no file except the model.
absl::StatusOr<std::vector<EncodeRequest>> UnderstandEncode(
    const EncodeArguments& arguments);

}  // namespace cli

#endif  // CLI_ENCODE_REQUEST_H_
