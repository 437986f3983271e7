#ifndef CLI_SECOND_PASS_H_
#define CLI_SECOND_PASS_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/encode_outcome.h"
#include "cli/encode_request.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"

namespace cli {

// What the second pass goes on from.
struct SecondPassTask {
  const encoder_bridge::FirstPassResult& first;
  // Without chunks the video is coded as a whole, and needs no log.
  const std::vector<encoder_bridge::Chunk>& chunks;
  const std::vector<encoder_bridge::LoggedFrame>& log;
  double target_kbps = 0;
  decltype(encoder_bridge::AttemptsOptions::progress) progress;
};

// Runs the second pass as `request` has it: in chunks, with an effort, as the
// best of several attempts.  What is of the file, such as its size, is left out
// of the outcome.
//
// Errors: RunAttempts()'s.
absl::StatusOr<EncodeOutcome> RunSecondPassOf(
    const EncodeRequest& request, const SecondPassTask& task,
    encoder_bridge::VideoReader& reader, encoder_bridge::PacketSink& sink);

}  // namespace cli

#endif  // CLI_SECOND_PASS_H_
