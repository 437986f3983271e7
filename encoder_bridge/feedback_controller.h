#ifndef ENCODER_BRIDGE_FEEDBACK_CONTROLLER_H_
#define ENCODER_BRIDGE_FEEDBACK_CONTROLLER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/chunk_plans.h"
#include "encoder_bridge/clip_costs.h"
#include "encoder_bridge/cost_correction.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/step_change.h"
#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {

struct FeedbackOptions {
  // libvpx's kf-max-dist: the longest distance between key frames; 0 is as 1.
  int kf_max_dist = 128;
  // Aim below the target by this fraction.
  double margin = 0.006;
  // The base step stays as it is while the predicted total is above by less
  // than `tolerance` plus `remaining_tolerance` times the fraction of the
  // target that is still to be spent, or below by less than half of that.
  double tolerance = 0.006;
  double remaining_tolerance = 0.02;
  // The base falls by no more than this (in ln) from frame to frame: a tail
  // with bits left over is no reason for a jump.
  double max_fall = 0.2;
  // A leaf finer than the frames it is predicted from codes their errors over
  // again, which no prediction of its cost foresees: below its references' step
  // leaves go finer by no more than this (in ln) from one to the next.
  double max_leaf_fall = 0.15;
  // A frame that costs `risk` times its prediction, up to `risk` + `late_risk`
  // times at the end of the clip, must leave the target in
  // reach, to `max_overshoot`, with the base coarser by `reserve` (in ln) plus
  // `early_reserve` times the fraction of frames still to be shown.
  double risk = 1.4;
  double late_risk = 1.6;
  double max_overshoot = 0.01;
  double reserve = 0.5;
  double early_reserve = 1.0;
  StepOffsetOptions offsets;
  // Show indices, rising and within the clip, of the frames, but for the first,
  // that begin a chunk: with an encoder of its own, and so with a key frame.
  std::vector<int> chunk_starts;
  // What another encode of the same clip, at the same target, found; nullptr or
  // empty if there was none.
  std::shared_ptr<const ClipCosts> known_costs;
  // Where to put what this one finds, if anywhere.
  std::shared_ptr<ClipCosts> found_costs;
};

// The built-in controller: plans the whole clip from the first-pass
// statistics and steers by what was spent.  docs/feedback.md explains it.
//
// It keeps one base quantizer step for the clip; a frame's own step is the
// base times a factor by its kind and its surroundings (StepOffsets).  Before
// each frame it asks at what base step the bits spent and the predicted cost
// of everything still to come (ClipPlan) make up the target, and moves the
// base there if it strays.  After each frame it learns by how much its
// predictions are off (CostCorrection).
//
// A frame may be coded with another q_index than the one proposed, as a planner
// does that knows better: FrameResult tells, and where frames of a kind are
// coded otherwise again and again, those to come are expected to be, too.
//
// Of a clip in chunks it chooses for some, one after the other, and is told by
// OnFrameElsewhere() what comes of those that others choose for.  It steers the
// bits of the whole clip all the same, so all who do so come to about the same
// base, and no chunk has a target of its own.
//
// Deterministic; finite whatever the statistics; O(1) per frame, amortised.
// Every choice is in [kMinQIndex, kMaxQIndex].  Called out of order it returns
// FailedPrecondition, and nothing else ever fails.  Not thread-safe.
class FeedbackController : public ChangeableController {
 public:
  // REQUIRES: positive width, height, frame_rate and target_bitrate_kbps.
  explicit FeedbackController(const SequenceInfo& sequence,
                              const FeedbackOptions& options = {});

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override;
  absl::Status OnFrameEncoded(const FrameResult& result) override;

  // Changes what it proposes, but not what it expects of frames to come.
  void set_change(const StepChange& change) override { change_ = change; }

  // Tells of a frame that another controller chose for.  In coding order within
  // a chunk; not while a result is awaited.
  absl::Status OnFrameElsewhere(const FrameInfo& frame,
                                const FrameResult& result);

  // What it reckons with for the frame it just chose for.
  // REQUIRES: ChooseQIndex() succeeded and OnFrameEncoded() is yet to come.
  FeedbackOutlook outlook() const;

  // Bits of the clip so far, and what they may be in all.
  double spent_bits() const { return spent_bits_; }
  double target_bits() const { return target_bits_; }

 private:
  struct Pending {
    FrameInfo info;
    PlannedFrame planned;
    int q_index = 0;
  };

  // How frames of a kind came to be coded otherwise than proposed.
  struct Habit {
    double frames = 0;    // Seen; old ones fade.
    double log_bits = 0;  // Sum of what that did to ln of their bits.
  };

  // The q_index for the pending frame.
  int Choose();
  // Counts what `planned`, which comes out of the plan, turned out to cost.
  void Learn(const PlannedFrame& planned, FrameType type,
             const FrameResult& result);
  // Begins with options_.known_costs.
  void KnowCosts();
  // By how much frames to come are expected to be off their predictions: as
  // those so far were, and as they were overruled.
  CostFactors ExpectedFactors() const;
  // `offset`: by how much, in ln(quantizer step), `frame` was coded coarser
  // than proposed.
  void LearnHabit(const PlannedFrame& frame, double offset);
  void SteerBase();
  // The finest step, as ln, that `options_.risk` allows for the pending frame.
  double FinestSafeLogStep() const;
  // The part of the target that is not spent yet; 0 if it is overspent.
  double RemainingFraction() const;

  const SequenceInfo sequence_;
  const FeedbackOptions options_;
  std::optional<RateModel> model_;
  std::optional<StepOffsets> offsets_;
  std::optional<ChunkPlans> plan_;
  CostCorrection correction_;
  std::array<Habit, kNumCostKinds> habits_;
  StepChange change_;

  double target_bits_ = 0;  // Of the whole clip.
  double goal_bits_ = 0;    // The same with the margin taken off.
  double spent_bits_ = 0;
  int frames_shown_ = 0;
  std::optional<double> log_base_;  // ln of the base quantizer step.
  double alt_ref_log_step_ = 0;     // ln of the last ARF's quantizer step.
  // LogQuantizerStep() of the last key frame, ARF or golden frame, or of the
  // last leaf since if that was finer.
  double reference_log_step_ = 0;
  // What the last leaves would have cost at FrameCost::kReferenceLogStep: dear
  // ones come in bursts or at a beat, which predictions miss.
  std::array<double, 4> recent_leaf_bits_ = {};
  size_t next_recent_leaf_ = 0;
  std::optional<Pending> pending_;  // Chosen for, not yet coded.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FEEDBACK_CONTROLLER_H_
