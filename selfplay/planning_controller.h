#ifndef SELFPLAY_PLANNING_CONTROLLER_H_
#define SELFPLAY_PLANNING_CONTROLLER_H_

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/model.h"
#include "muzero/search.h"
#include "muzero/search_tree.h"
#include "selfplay/bitrate_guard.h"
#include "selfplay/encode_episode.h"
#include "selfplay/encode_tracker.h"
#include "selfplay/planning_report.h"

namespace selfplay {

struct PlanningOptions {
  muzero::SearchConfig search = muzero::SearchConfig().Greedy();
  TrackerOptions tracker;
  // None: the policy does as it likes, as self-play may want.
  std::optional<GuardOptions> guard = GuardOptions();
  // Keeps a FramePlan and an EncodeStep of every frame.  Without it memory
  // does not grow with the length of the video.
  bool record = false;
  uint64_t seed = 1;  // Of the search's noise, if it has any.

  // InvalidArgument unless every field makes sense.
  absl::Status Validate() const;
};

// Plans the q_index of every coded frame, ARFs and overlays too: observes,
// searches with a model, chooses.
//
// Two things keep the network in its place.  BitrateGuard changes choices that
// would miss the target.  And if the model fails or answers with numbers that
// are none, this frame and all later ones are left to the feedback controller
// (EncodeTracker's), so that the encode is completed.  report() counts both.
//
// Errors: InvalidArgument from OnFirstPassStats() if options or model are of
// no use here; FailedPrecondition out of order.  Deterministic if the model
// is.  Not thread-safe; several may share a thread-safe model.
class PlanningController : public encoder_bridge::RateController {
 public:
  // `model` must outlive this object.
  // REQUIRES: positive width, height, frame_rate and target_bitrate_kbps.
  PlanningController(const encoder_bridge::SequenceInfo& sequence,
                     const PlanningOptions& options, muzero::Model& model);

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override;
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override;

  // What it took so far.
  const PlanningReport& report() const { return report_; }

  // The frames coded so far, if they are recorded.
  EncodeEpisode TakeEpisode();

 private:
  // The search's choice; whatever else it says goes to the pending records.
  absl::StatusOr<int> Plan();
  // `q_index`, or what the guard makes of it.
  int Guard(encoder_bridge::FrameType type, int q_index);

  const encoder_bridge::SequenceInfo sequence_;
  const PlanningOptions options_;
  muzero::Model& model_;
  std::mt19937_64 random_;
  muzero::SearchTree tree_;
  EncodeTracker tracker_;
  std::optional<BitrateGuard> guard_;

  // Of the frame chosen for and not yet coded.
  encoder_bridge::FeedbackOutlook outlook_;
  EncodeStep step_;
  FramePlan plan_;

  PlanningReport report_;
  std::vector<EncodeStep> steps_;
};

}  // namespace selfplay

#endif  // SELFPLAY_PLANNING_CONTROLLER_H_
