#ifndef EVAL_RATE_SWEEP_H_
#define EVAL_RATE_SWEEP_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/video_reader.h"
#include "eval/sweep_controller.h"
#include "eval/sweep_store.h"
#include "videos/clip.h"

namespace eval {

// The protocol's targets, for the picture of encoder_bridge/target_bitrates.h;
// see docs/evaluation.md.
inline constexpr int kProtocolTargetsKbps[] = {256, 384, 512, 640, 768};

// How far a sweep has come.
struct SweepProgress {
  int done = 0;        // Encodes finished by this run.
  int total = 0;       // Encodes this run knows it has to do.
  double seconds = 0;  // Since the start.
  std::string clip;    // Of the encode that finished last; empty: none yet.
};

struct RateSweepOptions {
  std::vector<videos::Clip> clips;
  std::vector<SweepController> controllers;
  std::vector<double> targets_kbps;
  // Whether targets are for 854x480 at 30 fps and to be scaled with pixels
  // times frame rate.
  bool scale_targets = false;
  encoder_bridge::EncoderSettings settings;
  encoder_bridge::VideoReaderOptions reader;
  int jobs = 1;             // Encodes at once.
  std::string work_folder;  // For encodes in progress; must exist.
  // Both are called from several threads, one at a time.
  std::function<void(const SweepProgress&)> on_progress;
  std::function<bool()> should_stop;
};

// Something that could not be measured.
struct SweepFailure {
  std::string clip;
  std::string controller;  // Empty: the clip itself.
  absl::Status status;
};

// Encodes every clip with every controller at every target (or level), decodes
// the result, measures it against the source, and appends it to `store`; what
// `store` already has is not run again.  Also finds the floor of each target
// that some encode exceeded by more than 0.5 %: what q_index 255 on every
// frame gives.
//
// What fails is returned, and the rest goes on.  Returns Cancelled when
// `should_stop` said so, ResourceExhausted when the disk is full, and the first
// error of `store`.
absl::StatusOr<std::vector<SweepFailure>> RunRateSweep(
    const RateSweepOptions& options, SweepStore& store);

}  // namespace eval

#endif  // EVAL_RATE_SWEEP_H_
