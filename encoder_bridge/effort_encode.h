#ifndef ENCODER_BRIDGE_EFFORT_ENCODE_H_
#define ENCODER_BRIDGE_EFFORT_ENCODE_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/step_change.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

struct EffortEncode {
  EffortPlan plan;
  // Processes that code at the same time.  The result does not depend on it.
  int at_once = 1;
  // Whose choices are varied.  It is copied to the processes that encode, and
  // itself left as it is.  Must outlive the call.
  ChangeableController* controller = nullptr;
  // In kilobits per second; what libvpx is told is in whole kilobits.
  double target_kbps = 0;
  int whole_target_kbps = 0;
  VideoFormat format;  // Of the frames.
  // Opens the frames once more, in a process that is to read them without any
  // other thread: forking leaves threads behind.
  std::function<absl::StatusOr<std::unique_ptr<FrameSource>>()> open_source;
};

// Runs libvpx's second pass in processes of its own, which fork to plan it
// (EffortController), and hands the packets to `sink` in this one, stretch by
// stretch as they are chosen.  libvpx works with one thread, whatever
// `settings` say; what it makes does not depend on that.
//
// All processes are gone when this returns, and are killed should this process
// be.  The calling process may have other threads, as long as none of them is
// likely to be inside a lock of FFmpeg's at the moment of the fork.
//
// `progress` is told the frames of the final encode as if those being tried
// made their way at an even pace; it never goes back.
//
// Errors: RunSecondPass()'s and open_source's; ResourceExhausted where there
// can be no process; Internal if one died.
absl::StatusOr<EncodeResult> EncodeWithEffort(const EffortEncode& encode,
                                              const EncoderSettings& settings,
                                              const FirstPassResult& first_pass,
                                              PacketSink& sink,
                                              const ProgressFn& progress);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EFFORT_ENCODE_H_
