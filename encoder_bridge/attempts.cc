#include "encoder_bridge/attempts.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "encoder_bridge/packet_spool.h"

namespace encoder_bridge {
namespace {

absl::StatusOr<EncodeResult> RunAttempt(FrameSource& source,
                                        const EncoderSettings& settings,
                                        const FirstPassResult& first_pass,
                                        const AttemptsOptions& options,
                                        int attempt, RateController* controller,
                                        PacketSink& sink) {
  const ProgressFn report = [&](const EncodeProgress& progress) {
    return options.progress(attempt, progress);
  };
  if (options.run != nullptr) {
    return options.run(attempt, controller, sink, report);
  }
  SecondPassOptions second_pass = options.second_pass;
  second_pass.controller = controller;
  return RunSecondPass(source, settings, first_pass, second_pass, sink, report);
}

}  // namespace

bool IsBetterAttempt(const AttemptResult& a, const AttemptResult& b,
                     double target_kbps) {
  const bool a_keeps = a.bitrate_kbps <= target_kbps;
  const bool b_keeps = b.bitrate_kbps <= target_kbps;
  if (a_keeps != b_keeps) return a_keeps;
  return a_keeps ? a.mean_psnr_db > b.mean_psnr_db
                 : a.bitrate_kbps < b.bitrate_kbps;
}

absl::StatusOr<BestAttempt> RunAttempts(FrameSource& source,
                                        const EncoderSettings& settings,
                                        const FirstPassResult& first_pass,
                                        const AttemptsOptions& options,
                                        PacketSink& sink) {
  BestAttempt best;
  std::unique_ptr<PacketSpool> best_packets;
  double seconds = 0;
  for (int attempt = 0; attempt < options.attempts; ++attempt) {
    auto controller = options.make_controller(attempt);
    if (!controller.ok()) return controller.status();
    std::unique_ptr<PacketSpool> packets;
    if (options.attempts > 1) {
      auto spool = PacketSpool::Create();
      if (!spool.ok()) return spool.status();
      packets = *std::move(spool);
    }
    auto result =
        RunAttempt(source, settings, first_pass, options, attempt,
                   controller->get(), packets != nullptr ? *packets : sink);
    if (!result.ok()) return result.status();
    seconds += result->encode_seconds;
    best.attempts.push_back({.bitrate_kbps = result->bitrate_kbps,
                             .mean_psnr_db = result->psnr.mean_db});
    const auto& attempts = best.attempts;
    if (attempt > 0 &&
        !IsBetterAttempt(attempts.back(),
                         attempts[static_cast<size_t>(best.attempt)],
                         options.target_kbps)) {
      continue;
    }
    best.result = *std::move(result);
    best.attempt = attempt;
    best.controller = *std::move(controller);
    best_packets = std::move(packets);
  }
  best.result.encode_seconds = seconds;
  if (best_packets != nullptr) {
    const EncodeProgress done = {.pass = 2,
                                 .frames = best.result.shown_frames,
                                 .expected_frames = best.result.shown_frames};
    const absl::Status status = best_packets->CopyTo(
        sink, [&] { return options.progress(options.attempts - 1, done); });
    if (!status.ok()) return status;
  }
  return best;
}

}  // namespace encoder_bridge
