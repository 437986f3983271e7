#ifndef EVAL_MEASURED_ENCODE_H_
#define EVAL_MEASURED_ENCODE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "eval/frame_trace.h"
#include "eval/points.h"
#include "eval/sweep_controller.h"
#include "videos/clip.h"

namespace eval {

// What one encode of a sweep is made of.  All references are borrowed.
struct EncodeTask {
  const videos::Clip& clip;
  const SweepController& controller;
  const encoder_bridge::EncoderSettings& settings;
  const encoder_bridge::VideoReaderOptions& reader;
  const encoder_bridge::FirstPassResult& first_pass;
  int target_kbps = 0;  // Also for levels: libvpx places GOPs by it.
  int level = 0;        // If the controller has levels.
  std::string output;   // Temporary file to encode to; removed again.
  std::function<bool()> should_stop;
};

struct MeasuredEncode {
  SweepPoint point;
  FrameTrace trace;
};

// Runs the second pass into a WebM file, decodes that and compares it with the
// source.  Errors name the clip where the cause does not.
absl::StatusOr<MeasuredEncode> RunMeasuredEncode(const EncodeTask& task);

}  // namespace eval

#endif  // EVAL_MEASURED_ENCODE_H_
