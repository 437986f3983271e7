#include "encoder_bridge/attempts.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/null_sink.h"
#include "encoder_bridge/packet_spool.h"

namespace encoder_bridge {
namespace {

// From 2 on a scout saves less time than it loses quality by being no candidate
// (docs/cli.md has figures).
constexpr int kMaxScoutedCpuUsed = 1;

absl::StatusOr<EncodeResult> RunAttempt(
    FrameSource& source, const EncoderSettings& settings,
    const FirstPassResult& first_pass, const AttemptsOptions& options,
    int attempt, bool is_scout, RateController* controller, PacketSink& sink) {
  const ProgressFn report = [&](const EncodeProgress& progress) {
    return options.progress(
        {.attempt = attempt, .is_scout = is_scout, .encode = progress});
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
  const bool has_scout = options.attempts > 1 && options.learn_costs &&
                         settings.cpu_used <= kMaxScoutedCpuUsed;
  const bool are_several = options.attempts - (has_scout ? 1 : 0) > 1;
  NullSink nowhere;
  BestAttempt best;
  bool has_best = false;
  std::unique_ptr<PacketSpool> best_packets;
  double seconds = 0;
  for (int attempt = 0; attempt < options.attempts; ++attempt) {
    const bool is_scout = has_scout && attempt == 0;
    auto controller = options.make_controller(attempt);
    if (!controller.ok()) return controller.status();
    std::unique_ptr<PacketSpool> packets;
    if (are_several && !is_scout) {
      auto spool = PacketSpool::Create();
      if (!spool.ok()) return spool.status();
      packets = *std::move(spool);
    }
    EncoderSettings attempt_settings = settings;
    PacketSink* attempt_sink = &sink;
    if (packets != nullptr) attempt_sink = packets.get();
    if (is_scout) {
      attempt_settings.cpu_used = kFastestCpuUsed;
      attempt_sink = &nowhere;
    }
    auto result =
        RunAttempt(source, attempt_settings, first_pass, options, attempt,
                   is_scout, controller->get(), *attempt_sink);
    if (!result.ok()) return result.status();
    seconds += result->encode_seconds;
    best.attempts.push_back({.bitrate_kbps = result->bitrate_kbps,
                             .mean_psnr_db = result->psnr.mean_db,
                             .cpu_used = attempt_settings.cpu_used});
    if (is_scout) continue;
    const auto& attempts = best.attempts;
    if (has_best &&
        !IsBetterAttempt(attempts.back(),
                         attempts[static_cast<size_t>(best.attempt)],
                         options.target_kbps)) {
      continue;
    }
    has_best = true;
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
    const absl::Status status = best_packets->CopyTo(sink, [&] {
      return options.progress(
          {.attempt = options.attempts - 1, .encode = done});
    });
    if (!status.ok()) return status;
  }
  return best;
}

}  // namespace encoder_bridge
