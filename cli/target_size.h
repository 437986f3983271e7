#ifndef CLI_TARGET_SIZE_H_
#define CLI_TARGET_SIZE_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/encode_outcome.h"
#include "cli/media_output.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace cli {

// What EncodeToSize() puts together.
struct SizedEncode {
  int64_t wanted_bytes = 0;
  bool has_whole_targets = false;  // SizeSearch::Options.
  encoder_bridge::Rational time_base;
  // Opens the output anew, as MediaOutput::Open() does.
  std::function<absl::StatusOr<std::unique_ptr<MediaOutput>>()> open;
  // Runs the second pass at a target, the `number`th from 1.
  std::function<absl::StatusOr<EncodeOutcome>(int number, double target_kbps,
                                              encoder_bridge::PacketSink& sink)>
      encode;
  MediaOutput::Poll poll;
};

// A file that is finished but for its name, and what it came to.
struct FinishedOutput {
  std::unique_ptr<MediaOutput> output;
  EncodeOutcome outcome;
};

// Makes a file of the wanted size, never more, and within 1 % if the video can
// have it: measures the sound and the container, gives the rest to the video,
// and runs the second pass again, six times at most, with the target corrected.
//
// Errors: OutOfRange if the size is too small, with the smallest that is not;
// PacketSpool's; those of the callbacks.
absl::StatusOr<FinishedOutput> EncodeToSize(
    const SizedEncode& encode, const encoder_bridge::FirstPassResult& first);

}  // namespace cli

#endif  // CLI_TARGET_SIZE_H_
