#ifndef MUZERO_SEQUENTIAL_HALVING_H_
#define MUZERO_SEQUENTIAL_HALVING_H_

#include <vector>

namespace muzero {

// Sequential halving [Gumbel MuZero, Sec. 3.4], which tries
// `num_considered_actions` equally often, keeps the better half, tries those
// equally often, and so on, as a sequence: simulation i goes to the best of the
// actions that were visited considered_visits[i] times until then.  The same
// sequences as mctx's.  Returns [num_simulations].
std::vector<int> ConsideredVisits(int num_considered_actions,
                                  int num_simulations);

}  // namespace muzero

#endif  // MUZERO_SEQUENTIAL_HALVING_H_
