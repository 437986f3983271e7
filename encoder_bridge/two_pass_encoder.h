#ifndef ENCODER_BRIDGE_TWO_PASS_ENCODER_H_
#define ENCODER_BRIDGE_TWO_PASS_ENCODER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// How far a pass has come.
struct EncodeProgress {
  int pass = 1;                 // 1 or 2.
  int64_t frames = 0;           // Frames read (pass 1), shown (pass 2).
  int64_t expected_frames = 0;  // 0: not known.
  int64_t packet_bytes = 0;     // Pass 2: what has been written so far.
  double seconds_of_video = 0;  // Duration of `frames`.
};

// Called about once a frame, on the encoding thread.  A non-OK return stops
// the encode, which then returns that status: this is how to cancel.
using ProgressFn = std::function<absl::Status(const EncodeProgress&)>;

// What the first pass leaves for second passes of the same frames, at any
// target bitrate and any cpu-used.
struct FirstPassResult {
  std::string stats;            // libvpx's packets, end to end.
  int width = 0;                // Luma pixels.
  int height = 0;               // Luma pixels.
  int num_frames = 0;           // Shown frames.
  double duration_seconds = 0;  // Of all shown frames.
  // The finest q_index that no frame overflows libvpx's buffer at; above 1 for
  // noise only.  See sample_variance.h.
  int min_q_index = 1;
  double seconds = 0;  // Wall time it took.
};

// What the second pass is to do.
struct SecondPassOptions {
  RateControlMode mode = RateControlMode::kVbr;
  // Kilobits per second, in whole kilobits as libvpx takes it.  libvpx places
  // key frames, GOPs and ARFs by it in every mode.
  int target_bitrate_kbps = 0;
  int cq_level = 0;  // kConstantQuality: 0 to 63, vpxenc's --cq-level.
  // kExternal: who chooses.  Must outlive the call.
  RateController* controller = nullptr;
};

// Runs libvpx's first pass over all frames of `source` from its beginning.
//
// Errors: InvalidArgument for settings or a source without frames; Internal
// for libvpx's own; whatever `source` or `progress` return.
absl::StatusOr<FirstPassResult> RunFirstPass(FrameSource& source,
                                             const EncoderSettings& settings,
                                             const ProgressFn& progress);

// Runs libvpx's second pass over the same frames and hands its packets to
// `sink`.  A q_index below `first_pass.min_q_index` is raised to it; the
// controller learns of it from FrameResult.  `first_pass` must come from the
// same frames with the same settings but for target bitrate and cpu-used;
// FailedPrecondition if it cannot have.
//
// Errors: as above, and whatever `options.controller` or `sink` return.
absl::StatusOr<EncodeResult> RunSecondPass(FrameSource& source,
                                           const EncoderSettings& settings,
                                           const FirstPassResult& first_pass,
                                           const SecondPassOptions& options,
                                           PacketSink& sink,
                                           const ProgressFn& progress);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_TWO_PASS_ENCODER_H_
