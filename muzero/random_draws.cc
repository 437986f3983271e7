#include "muzero/random_draws.h"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

#include "muzero/softmax.h"

namespace muzero {
namespace {

// Marsaglia's polar method.
double DrawNormal(std::mt19937_64& random) {
  while (true) {
    const double x = 2 * DrawUniform(random) - 1;
    const double y = 2 * DrawUniform(random) - 1;
    const double s = x * x + y * y;
    if (s > 0 && s < 1) return x * std::sqrt(-2 * std::log(s) / s);
  }
}

// The logarithm of a draw of the gamma distribution: for small shapes the draw
// itself would often be 0.  "A simple method for generating gamma variables",
// Marsaglia and Tsang, 2000: of shape + 1, then down to shape.
double DrawLogGamma(double shape, std::mt19937_64& random) {
  const double d = shape + 1 - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = DrawNormal(random);
    const double base = 1 + c * x;
    if (base <= 0) continue;
    const double v = base * base * base;
    const double u = DrawUniform(random);
    if (std::log(u) < x * x / 2 + d - d * v + d * std::log(v)) {
      return std::log(d * v) + std::log(DrawUniform(random)) / shape;
    }
  }
}

}  // namespace

double DrawUniform(std::mt19937_64& random) {
  // 52 bits and a half step, which a double holds without rounding up to 1.
  return (static_cast<double>(random() >> 12) + 0.5) * 0x1p-52;
}

double DrawGumbel(std::mt19937_64& random) {
  return -std::log(-std::log(DrawUniform(random)));
}

std::vector<double> DrawDirichlet(double alpha, int size,
                                  std::mt19937_64& random) {
  assert(alpha > 0 && size > 0);
  std::vector<double> log_gammas(static_cast<size_t>(size));
  for (double& log_gamma : log_gammas) log_gamma = DrawLogGamma(alpha, random);
  return Softmax<double>(log_gammas);
}

int DrawIndex(absl::Span<const double> weights, std::mt19937_64& random) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  assert(sum > 0);
  double left = DrawUniform(random) * sum;
  int last = 0;  // Rounding may leave a little at the end.
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = static_cast<int>(i);
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

}  // namespace muzero
