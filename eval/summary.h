#ifndef EVAL_SUMMARY_H_
#define EVAL_SUMMARY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "eval/bd_rate.h"
#include "eval/floors.h"
#include "eval/points.h"
#include "eval/quality_measure.h"
#include "eval/run_info.h"

namespace eval {

// BD-rate of one clip by one measure: either a number or why there is none.
struct ClipBdRate {
  std::optional<double> percent;  // Negative: bits saved.
  CurveOverlap overlap;           // Zeros without `percent`.
  std::string failure;            // Empty with `percent`.
};

// How far encodes are from their targets.  Fractions of 1, not percent.
struct TargetStatistics {
  double mean = 0;   // Of max(0, bitrate / target - 1).
  double worst = 0;  // The largest of them.
  double share_over_0_5pct = 0;
  double share_over_2pct = 0;
  double mean_abs_deviation = 0;  // Mean of |bitrate / target - 1|.
};

// One controller on one clip.
struct ClipSummary {
  std::string clip;
  // Against the anchor, by measure; none for the anchor itself.
  std::optional<PerMeasure<ClipBdRate>> bd_rate;
  std::optional<double> bd_psnr_db;         // By QualityMeasure::kPsnr.
  std::optional<TargetStatistics> targets;  // Over its feasible encodes.
};

// Over the clips that have a BD-rate.
struct BdRateStatistics {
  double mean = 0;            // Percent.
  double median = 0;          // Percent.
  double worst = 0;           // Percent, of the clip that gains least.
  double share_improved = 0;  // Of clips with a BD-rate below 0; in [0, 1].
};

struct ClipFailure {
  std::string clip;
  std::string reason;
};

struct BdRateSummary {
  int clips = 0;                               // With a BD-rate.
  std::optional<BdRateStatistics> statistics;  // None if `clips` is 0.
  std::vector<ClipFailure> failed;             // The clips without.
};

// An encode whose target even q_index 255 on every frame exceeds.
struct InfeasibleEncode {
  std::string clip;
  double target_kbps = 0;
  double floor_kbps = 0;
  double bitrate_kbps = 0;  // What the controller made of it.
};

struct OvershootSummary {
  int encodes = 0;                             // With a feasible target.
  std::optional<TargetStatistics> statistics;  // None if `encodes` is 0.
  std::vector<InfeasibleEncode> infeasible;    // Not among `encodes`.
};

struct ControllerSummary {
  std::string name;
  int clips = 0;  // On which there is at least one point.
  // Against the anchor, by measure; none for the anchor itself.
  std::optional<PerMeasure<BdRateSummary>> bd_rate;
  // None for a controller without targets (libvpx-q).
  std::optional<OvershootSummary> overshoot;
  std::vector<ClipSummary> per_clip;  // By name of the clip.
};

// What a sweep says about its controllers.
struct Summary {
  std::string anchor;
  // The anchor first (if it has points), then as RunInfo::controllers.
  std::vector<ControllerSummary> controllers;
};

// Compares every controller in `points` with `run.anchor`.
//
// All points of a clip are on its curves, those with infeasible targets too.
// Of points with equal clip, controller, target and cq level the last counts.
// A target without a floor in `floors` is taken to be feasible.  The order of
// `points` has no influence otherwise.
Summary Summarize(absl::Span<const SweepPoint> points,
                  absl::Span<const FloorPoint> floors, const RunInfo& run);

}  // namespace eval

#endif  // EVAL_SUMMARY_H_
