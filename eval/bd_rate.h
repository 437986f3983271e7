#ifndef EVAL_BD_RATE_H_
#define EVAL_BD_RATE_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace eval {

// One encode: what it cost, and how good it looks.
struct RdPoint {
  double bitrate_kbps = 0;
  double quality_db = 0;
};

// How much of each curve the comparison rests on: length of the common
// interval over length of the curve's own, in (0, 1].
struct CurveOverlap {
  double anchor_share = 0;
  double test_share = 0;
};

// Bitrate the test curve needs beyond the anchor at equal quality.
struct BdRateResult {
  double percent = 0;    // Negative: the test saves bits.
  CurveOverlap overlap;  // Of the quality intervals.
};

// Quality the test curve gives beyond the anchor at equal bitrate.
struct BdPsnrResult {
  double db = 0;         // Positive: the test looks better.
  CurveOverlap overlap;  // Of the intervals of log bitrate.
};

// Bjontegaard's delta rate [ITU-T VCEG-M33] with piecewise cubic interpolation
// (PCHIP, see pchip.h): ln(bitrate) is integrated as a function of quality over
// the quality interval that both curves cover, exactly, and
//
//   percent = 100 (exp(mean difference of ln(bitrate)) - 1).
//
// Points may come in any order.  A point that repeats another exactly (two
// targets under the floor of a clip give the same encode) counts once.
//
// Returns InvalidArgument for fewer than 4 distinct points, a bitrate that is
// not finite and above 0, or a quality that is not finite; FailedPrecondition
// if quality does not rise strictly with bitrate; OutOfRange if the curves have
// no quality interval in common.  Messages say which curve, and which points.
absl::StatusOr<BdRateResult> BdRate(absl::Span<const RdPoint> anchor,
                                    absl::Span<const RdPoint> test);

// The same with the roles of quality and rate exchanged: the mean difference
// in quality over the interval of ln(bitrate) that both curves cover.
absl::StatusOr<BdPsnrResult> BdPsnr(absl::Span<const RdPoint> anchor,
                                    absl::Span<const RdPoint> test);

}  // namespace eval

#endif  // EVAL_BD_RATE_H_
