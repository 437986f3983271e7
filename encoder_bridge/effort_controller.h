#ifndef ENCODER_BRIDGE_EFFORT_CONTROLLER_H_
#define ENCODER_BRIDGE_EFFORT_CONTROLLER_H_

#include <sys/types.h>

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/forked_branch.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/step_change.h"

namespace encoder_bridge {

// Plans with the encoder itself: where a group of frames begins, the encode
// forks into branches that code the next stretch of the clip each with another
// change to what a controller chooses, and goes on as the best of them
// (BestStretch()).  The change to ARFs that was best is kept, and the next ones
// are tried on top of it: what suits one group of a scene suits others.
//
// The process that encodes is so another one after each stretch: see
// ForkedBranch, and EncodeWithEffort(), which is for callers that want to stay
// who they are.
class EffortController : public RateController {
 public:
  struct Options {
    EffortPlan plan;
    double target_kbps = 0;
    double frame_rate = 0;  // Shown frames per second, on average.
    int at_once = 1;        // Branches that run at the same time.
    pid_t keeper = 0;       // As ForkedBranch::Options has it.
    // A stretch is about to be tried in so many ways.
    std::function<absl::Status(int num_branches)> on_fork;
    // A branch has coded a shown frame.
    std::function<absl::Status()> on_frame;
    // This process is the best branch: what it has coded is final.
    std::function<absl::Status()> on_choice;
  };

  // `controller` must outlive this object.
  EffortController(ChangeableController& controller, const Options& options)
      : controller_(controller), options_(options) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override;
  absl::Status OnFrameEncoded(const FrameResult& result) override;

 private:
  absl::Status Begin(const FrameInfo& frame);
  absl::Status End();

  ChangeableController& controller_;
  const Options options_;
  int num_frames_ = 0;
  double bits_ = 0;  // Of the clip so far.
  int shown_frames_ = 0;
  FrameType type_ = {};  // Of the frame being coded.
  // What the best changes to ARFs have added up to since the last key frame.
  double kept_alt_ref_ = 0;
  // By what EffortPlan::changes of ARFs are multiplied, 1 or -1: what was tried
  // first and lost is next tried the other way round.
  double direction_ = 1;
  double next_direction_ = 1;  // If the branch is the best.
  std::optional<ForkedBranch> branch_;
  StepChange tried_;       // What the branch has changed.
  StretchResult stretch_;  // What the branch has come to so far.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EFFORT_CONTROLLER_H_
