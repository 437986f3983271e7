#ifndef MUZERO_RANDOM_DRAWS_H_
#define MUZERO_RANDOM_DRAWS_H_

#include <random>
#include <vector>

#include "absl/types/span.h"

namespace muzero {

// Draws that are the same with every standard library: what the distributions
// of <random> make of a generator is up to the library, what std::mt19937_64
// generates is not.

// Uniform in (0, 1), neither end included.  One number of `random`.
double DrawUniform(std::mt19937_64& random);

// Of the standard Gumbel distribution: -log(-log(u)).  One number of `random`.
double DrawGumbel(std::mt19937_64& random);

// Of the symmetric Dirichlet distribution: [size], sums to 1.
// REQUIRES: alpha > 0, size > 0.
std::vector<double> DrawDirichlet(double alpha, int size,
                                  std::mt19937_64& random);

// An index, with a probability in proportion to its weight.  One number of
// `random`.
// REQUIRES: weights are finite, not negative, and not all 0.
int DrawIndex(absl::Span<const double> weights, std::mt19937_64& random);

}  // namespace muzero

#endif  // MUZERO_RANDOM_DRAWS_H_
