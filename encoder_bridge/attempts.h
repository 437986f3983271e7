#ifndef ENCODER_BRIDGE_ATTEMPTS_H_
#define ENCODER_BRIDGE_ATTEMPTS_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace encoder_bridge {

// What one second pass of several came to.
struct AttemptResult {
  double bitrate_kbps = 0;
  double mean_psnr_db = 0;
  int cpu_used = 0;
};

// Whether `a` is better than `b` at the target: the one that keeps to it; of
// two that do, that of the higher PSNR; of two that do not, the smaller.
bool IsBetterAttempt(const AttemptResult& a, const AttemptResult& b,
                     double target_kbps);

// Runs the second pass of an attempt, from 0, with its controller.
using AttemptPass = std::function<absl::StatusOr<EncodeResult>(
    int attempt, RateController* controller, PacketSink& sink,
    const ProgressFn& progress)>;

// How far a run of attempts is.
struct AttemptProgress {
  int attempt = 0;        // From 0.
  bool is_scout = false;  // Quicker than those that follow.
  EncodeProgress encode;
};

struct AttemptsOptions {
  int attempts = 1;
  // What attempts compete at.
  double target_kbps = 0;
  // With the same target, as libvpx takes it: whole.
  SecondPassOptions second_pass;
  // Makes the controller of an attempt, from 0; nullptr without the hook.
  std::function<absl::StatusOr<std::unique_ptr<RateController>>(int attempt)>
      make_controller;
  // Runs each attempt, in place of RunSecondPass() with `second_pass`, if it is
  // set.
  AttemptPass run;
  // Whether later attempts learn from the first what frames cost, which is much
  // the same at any cpu-used.  At 0 and 1 the first of several is then a scout:
  // quick, at kFastestCpuUsed, and no candidate.
  bool learn_costs = false;
  // As in RunSecondPass().
  std::function<absl::Status(const AttemptProgress&)> progress;
};

// The best of some attempts.
struct BestAttempt {
  EncodeResult result;  // encode_seconds: of all attempts together.
  int attempt = 0;      // From 0.
  std::unique_ptr<RateController> controller;
  std::vector<AttemptResult> attempts;  // All of them, in order.
};

// Runs the second pass as often as is asked for, with another controller each
// time, and hands the packets of the best attempt to `sink`; a single candidate
// goes there as it is coded, several are kept in temporary files until all are
// done.
//
// Errors: RunSecondPass()'s or those of `run`, make_controller's,
// PacketSpool's.
// REQUIRES: options.attempts >= 1; no `run` with `learn_costs`.
absl::StatusOr<BestAttempt> RunAttempts(FrameSource& source,
                                        const EncoderSettings& settings,
                                        const FirstPassResult& first_pass,
                                        const AttemptsOptions& options,
                                        PacketSink& sink);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_ATTEMPTS_H_
