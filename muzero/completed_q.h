#ifndef MUZERO_COMPLETED_Q_H_
#define MUZERO_COMPLETED_Q_H_

#include <vector>

#include "muzero/search_config.h"
#include "muzero/search_tree.h"

namespace muzero {

// What Gumbel MuZero makes of the Q-values of a node, of which only some are
// known.  REQUIRES for all: `node` is in `tree`.

// v_mix [Gumbel MuZero, App. D, Eq. 33]: the node's value, from the model's
// value and the Q-values of its visited actions, weighted by their priors.
double MixedValue(const SearchTree& tree, int node);

// sigma(completedQ) [Gumbel MuZero, Eq. 8, 10] of every action: its normalised
// Q-value, or v_mix if it was not visited, on the scale of logits:
// (c_visit + max_b N(b)) * c_scale * q.  Returns [num_actions].
std::vector<double> ScaledCompletedQ(const SearchTree& tree, int node,
                                     const SearchConfig& config);

// pi' = softmax(logits + sigma(completedQ)) [Gumbel MuZero, Eq. 11].
// Returns [num_actions].
std::vector<double> ImprovedPolicy(const SearchTree& tree, int node,
                                   const SearchConfig& config);

}  // namespace muzero

#endif  // MUZERO_COMPLETED_Q_H_
