#include "tests/selfplay/planned_encode.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/testing/memory_sink.h"

namespace selfplay {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::EncodeResult;
using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::RateController;
using testing_support::SyntheticClip;
using testing_support::SyntheticClipOptions;

absl::Status Ignore(const EncodeProgress& /*progress*/) {
  return absl::OkStatus();
}

encoder_bridge::SequenceInfo SequenceOf(const SyntheticClipOptions& clip,
                                        int kbps) {
  return {.width = clip.width,
          .height = clip.height,
          .frame_rate = clip.frame_rate.value(),
          .num_frames = clip.num_frames,
          .target_bitrate_kbps = static_cast<double>(kbps)};
}

absl::StatusOr<EncodeResult> Encode(const SyntheticClipOptions& clip, int kbps,
                                    RateController& controller) {
  SyntheticClip source(clip);
  const encoder_bridge::EncoderSettings settings = {.cpu_used = 5};
  const auto first_pass = RunFirstPass(source, settings, Ignore);
  if (!first_pass.ok()) return first_pass.status();
  testing_support::MemorySink sink;
  return RunSecondPass(source, settings, *first_pass,
                       {.mode = encoder_bridge::RateControlMode::kExternal,
                        .target_bitrate_kbps = kbps,
                        .controller = &controller},
                       sink, Ignore);
}

// Keeps the statistics that pass on their way to another controller.
class StatsKeeper : public RateController {
 public:
  explicit StatsKeeper(RateController& controller) : controller_(controller) {}

  const std::vector<FirstPassFrameStats>& stats() const { return stats_; }

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override {
    stats_.assign(stats.begin(), stats.end());
    return controller_.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override {
    return controller_.ChooseQIndex(frame);
  }
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override {
    return controller_.OnFrameEncoded(result);
  }

 private:
  RateController& controller_;
  std::vector<FirstPassFrameStats> stats_;
};

}  // namespace

absl::StatusOr<PlannedEncode> EncodePlanned(const SyntheticClipOptions& clip,
                                            int kbps, muzero::Model& model,
                                            const PlanningOptions& options) {
  PlanningController controller(SequenceOf(clip, kbps), options, model);
  StatsKeeper keeper(controller);
  absl::StatusOr<EncodeResult> result = Encode(clip, kbps, keeper);
  if (!result.ok()) return result.status();
  return PlannedEncode{.stats = keeper.stats(),
                       .result = *std::move(result),
                       .report = controller.report(),
                       .episode = controller.TakeEpisode()};
}

absl::StatusOr<double> FeedbackBitrate(const SyntheticClipOptions& clip,
                                       int kbps) {
  encoder_bridge::FeedbackController controller(SequenceOf(clip, kbps));
  const absl::StatusOr<EncodeResult> result = Encode(clip, kbps, controller);
  if (!result.ok()) return result.status();
  return result->bitrate_kbps;
}

}  // namespace selfplay
