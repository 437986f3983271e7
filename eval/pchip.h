#ifndef EVAL_PCHIP_H_
#define EVAL_PCHIP_H_

#include <vector>

#include "absl/types/span.h"

namespace eval {

// Piecewise cubic Hermite interpolant that keeps the shape of its data: where
// the data rise, so does the curve, without overshoot between the points.
//
// Derivatives are those of F. N. Fritsch and J. Butland (weighted harmonic
// mean of the neighbouring slopes) with one-sided three-point estimates at
// the ends [C. Moler, Numerical Computing with MATLAB, 3.6], which is what
// SciPy's PchipInterpolator computes.  Immutable after construction.
class Pchip {
 public:
  // REQUIRES: x.size() == y.size() >= 2, all finite, x strictly increasing.
  Pchip(absl::Span<const double> x, absl::Span<const double> y);

  // REQUIRES: x.front() <= at <= x.back().
  double Value(double at) const;

  // The integral from `low` to `high`, in closed form (no quadrature).
  // REQUIRES: x.front() <= low <= high <= x.back().
  double Integral(double low, double high) const;

 private:
  std::vector<double> x_;      // [num_points]
  std::vector<double> y_;      // [num_points]
  std::vector<double> slope_;  // [num_points], derivative at each point.
};

}  // namespace eval

#endif  // EVAL_PCHIP_H_
