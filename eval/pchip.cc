#include "eval/pchip.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/base/macros.h"

namespace eval {
namespace {

int Sign(double value) { return (value > 0) - (value < 0); }

// One-sided three-point derivative at an end of the curve.  h0 and m0 are
// width and slope of the segment at the end, h1 and m1 of the one beside it.
double EndSlope(double h0, double h1, double m0, double m1) {
  const double d = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
  if (Sign(d) != Sign(m0)) return 0;
  if (Sign(m0) != Sign(m1) && std::abs(d) > 3 * std::abs(m0)) return 3 * m0;
  return d;
}

// Derivative at a point between two segments: 1/d is the mean of 1/m0 and
// 1/m1 with weights 2 h1 + h0 and h1 + 2 h0; 0 at a local extremum.
double InnerSlope(double h0, double h1, double m0, double m1) {
  if (Sign(m0) != Sign(m1) || m0 == 0 || m1 == 0) return 0;
  const double w1 = 2 * h1 + h0;
  const double w2 = h1 + 2 * h0;
  return (w1 + w2) / (w1 / m0 + w2 / m1);
}

// y0 + c1 t + c2 t^2 + c3 t^3 for t from 0 to the width of the segment.
struct Cubic {
  double y0, c1, c2, c3;

  double Value(double t) const { return y0 + t * (c1 + t * (c2 + t * c3)); }
  double Integral(double t) const {
    return t * (y0 + t * (c1 / 2 + t * (c2 / 3 + t * c3 / 4)));
  }
};

// The cubic with values y0, y1 and derivatives d0, d1 at 0 and h.
Cubic Hermite(double h, double y0, double y1, double d0, double d1) {
  const double m = (y1 - y0) / h;
  return {.y0 = y0,
          .c1 = d0,
          .c2 = (3 * m - 2 * d0 - d1) / h,
          .c3 = (d0 + d1 - 2 * m) / (h * h)};
}

}  // namespace

Pchip::Pchip(absl::Span<const double> x, absl::Span<const double> y)
    : x_(x.begin(), x.end()), y_(y.begin(), y.end()), slope_(x.size()) {
  ABSL_HARDENING_ASSERT(x.size() == y.size() && x.size() >= 2);
  const size_t last = x.size() - 1;
  std::vector<double> h(last);  // [num_segments], widths.
  std::vector<double> m(last);  // [num_segments], slopes.
  for (size_t k = 0; k < last; ++k) {
    ABSL_HARDENING_ASSERT(x[k] < x[k + 1]);
    h[k] = x[k + 1] - x[k];
    m[k] = (y[k + 1] - y[k]) / h[k];
  }
  if (last == 1) {
    slope_ = {m[0], m[0]};
    return;
  }
  slope_.front() = EndSlope(h[0], h[1], m[0], m[1]);
  for (size_t k = 1; k < last; ++k) {
    slope_[k] = InnerSlope(h[k - 1], h[k], m[k - 1], m[k]);
  }
  slope_.back() = EndSlope(h[last - 1], h[last - 2], m[last - 1], m[last - 2]);
}

double Pchip::Value(double at) const {
  ABSL_HARDENING_ASSERT(x_.front() <= at && at <= x_.back());
  const auto above = std::upper_bound(x_.begin(), x_.end() - 1, at);
  const size_t k = static_cast<size_t>(above - x_.begin()) - 1;
  if (k + 1 == x_.size()) return y_.back();
  return Hermite(x_[k + 1] - x_[k], y_[k], y_[k + 1], slope_[k], slope_[k + 1])
      .Value(at - x_[k]);
}

double Pchip::Integral(double low, double high) const {
  ABSL_HARDENING_ASSERT(x_.front() <= low && low <= high && high <= x_.back());
  double sum = 0;
  for (size_t k = 0; k + 1 < x_.size(); ++k) {
    const double from = std::max(low, x_[k]);
    const double to = std::min(high, x_[k + 1]);
    if (from >= to) continue;
    const Cubic cubic =
        Hermite(x_[k + 1] - x_[k], y_[k], y_[k + 1], slope_[k], slope_[k + 1]);
    sum += cubic.Integral(to - x_[k]) - cubic.Integral(from - x_[k]);
  }
  return sum;
}

}  // namespace eval
