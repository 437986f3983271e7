#ifndef SELFPLAY_BRANCHING_CONTROLLER_H_
#define SELFPLAY_BRANCHING_CONTROLLER_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/forked_trial.h"
#include "selfplay/offset_plan.h"
#include "selfplay/plan_controller.h"

namespace selfplay {

// By how much a search moves steps, in ln.
struct BranchSteps {
  double key = 0.2;
  double alt_ref = 0.15;
  double leaf = 0.1;
};

struct BranchingOptions {
  // Groups of frames that a trial codes: the one it is about, and those after
  // it, in which what it did to their references tells.
  int groups = 3;
  int key_groups = 4;  // The same of a key frame.
  BranchSteps steps;
  // A trial must be better by this (in dB of the clip's mean PSNR) to be
  // followed: encodes are chaotic, and what is won by chance is not to be
  // learned.
  double min_gain_db = 0;
  // What a bit is worth, to begin with: dB of the clip's mean PSNR.
  double db_per_bit = 0;
  // How many bits, bought and sold, that price counts for.
  double price_weight_bits = 1;
};

// A PlanController that tries out at each key frame, ARF and golden frame
// whether other offsets, over the group that it opens, make a better clip: each
// alternative is coded in a forked process, over this group and the next ones
// as the plan has them, and the best by
//
//   sum of PSNR / num_frames - db_per_bit * bits
//
// becomes part of the plan.
//
// db_per_bit is what the groups so far would have paid for a bit more, on
// average: with that price some want more and others less, and the whole clip
// stays about as large as it is.  The slope of the whole clip will not do,
// because a trial does not see all that its bits are good for.
//
// libvpx must run in the calling thread alone.
class BranchingController : public encoder_bridge::RateController {
 public:
  // `boundaries` are the show indices, rising, at which groups are expected to
  // end: those of the key frames, ARFs and golden frames of an earlier encode.
  BranchingController(const encoder_bridge::SequenceInfo& sequence,
                      OffsetPlan plan, std::vector<int> boundaries,
                      const BranchingOptions& options);

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override;
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override;

  // As it was changed so far.
  const OffsetPlan& plan() const { return follower_.plan(); }
  // The price that it has come to.
  double db_per_bit() const { return price_db_ / price_bits_; }
  // Frames coded in trials.
  int trial_frames() const { return trial_frames_; }
  // Whether this is a trial's process: an encode that fails must end there.
  bool IsTrial() const { return trial_.has_value(); }

 private:
  // Another plan, and by how much it shifts leaves.
  struct Candidate {
    OffsetPlan plan;
    double leaf_shift = 0;
  };

  // Where the `groups`-th group after `show_index` ends.
  int Horizon(int show_index, int groups) const;
  // The first is the plan as it is.
  std::vector<Candidate> CandidatesFor(
      const encoder_bridge::FrameInfo& frame) const;
  absl::Status Improve(const encoder_bridge::FrameInfo& frame);
  // What `plan` comes to up to `end`; nothing in the trial itself.
  absl::StatusOr<std::optional<TrialResult>> Try(const OffsetPlan& plan,
                                                 int end);
  double Score(const TrialResult& result) const;

  PlanController follower_;
  const std::vector<int> boundaries_;
  const BranchingOptions options_;
  int num_frames_ = 0;
  int frames_shown_ = 0;
  int trial_frames_ = 0;
  // What leaves finer all together gained, and what they took.
  double price_db_ = 0;
  double price_bits_ = 1;
  encoder_bridge::FrameType pending_type_ = {};

  // In a trial only.
  std::optional<ForkedTrial> trial_;
  int trial_end_ = 0;  // Show index.
  TrialResult result_;
};

}  // namespace selfplay

#endif  // SELFPLAY_BRANCHING_CONTROLLER_H_
