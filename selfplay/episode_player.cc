#include "selfplay/episode_player.h"

#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/null_sink.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"
#include "selfplay/planning_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;

// A PlanningController that leaves the statistics it planned by.
class RecordingController : public encoder_bridge::RateController {
 public:
  RecordingController(const encoder_bridge::SequenceInfo& sequence,
                      const PlanningOptions& options, muzero::Model& model)
      : planning(sequence, options, model) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> frame_stats) override {
    stats.assign(frame_stats.begin(), frame_stats.end());
    return planning.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    return planning.ChooseQIndex(frame);
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    return planning.OnFrameEncoded(result);
  }

  std::vector<FirstPassFrameStats> stats;
  PlanningController planning;
};

encoder_bridge::SequenceInfo SequenceOf(const EpisodeTask& task) {
  const encoder_bridge::FirstPassResult& first = task.first_pass;
  return {.width = first.width,
          .height = first.height,
          .frame_rate = first.num_frames / first.duration_seconds,
          .num_frames = first.num_frames,
          .target_bitrate_kbps = static_cast<double>(task.target_bitrate_kbps)};
}

}  // namespace

absl::StatusOr<EpisodeRun> PlayEpisode(const EpisodeTask& task,
                                       const std::stop_token& stop) {
  PlanningOptions options = task.planning;
  options.record = true;
  RecordingController controller(SequenceOf(task), options, task.model);
  encoder_bridge::NullSink sink;
  const auto result = encoder_bridge::RunSecondPass(
      task.source, task.settings, task.first_pass,
      {.mode = encoder_bridge::RateControlMode::kExternal,
       .target_bitrate_kbps = task.target_bitrate_kbps,
       .controller = &controller},
      sink, [&stop](const EncodeProgress&) {
        return stop.stop_requested() ? absl::CancelledError("interrupted")
                                     : absl::OkStatus();
      });
  if (!result.ok()) return result.status();
  return EpisodeRun{
      .stats = controller.stats,
      .encode = controller.planning.TakeEpisode(),
      .outcome = {.quality = result->psnr.mean_db,
                  .overshoot = encoder_bridge::Overshoot(
                      result->bitrate_kbps, task.target_bitrate_kbps)},
      .planning = controller.planning.report(),
      .seconds = result->encode_seconds};
}

}  // namespace selfplay
