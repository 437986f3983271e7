#ifndef TESTS_SELFPLAY_PLANNED_ENCODE_H_
#define TESTS_SELFPLAY_PLANNED_ENCODE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/model.h"
#include "selfplay/encode_episode.h"
#include "selfplay/planning_controller.h"
#include "selfplay/planning_report.h"
#include "tests/testing/synthetic_clip.h"

namespace selfplay {

// A real encode with a PlanningController, and what it leaves.
struct PlannedEncode {
  std::vector<encoder_bridge::FirstPassFrameStats> stats;
  encoder_bridge::EncodeResult result;
  PlanningReport report;
  EncodeEpisode episode;
};

// Both passes of the clip with libvpx, at cpu-used 5.
absl::StatusOr<PlannedEncode> EncodePlanned(
    const testing_support::SyntheticClipOptions& clip, int kbps,
    muzero::Model& model, const PlanningOptions& options);

// The bitrate that the feedback controller lands on, in kilobits per second.
absl::StatusOr<double> FeedbackBitrate(
    const testing_support::SyntheticClipOptions& clip, int kbps);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_PLANNED_ENCODE_H_
