#ifndef MUZERO_PUCT_POLICY_H_
#define MUZERO_PUCT_POLICY_H_

#include <random>
#include <vector>

#include "muzero/search_config.h"
#include "muzero/search_tree.h"
#include "muzero/tree_policy.h"

namespace muzero {

// The search of [MuZero, App. B] and of its pseudocode:
//
//   everywhere  argmax Q + P * sqrt(N(s)) / (1 + N) *
//               (pb_c_init + log((N(s) + pb_c_base + 1) / pb_c_base))  [Eq. 2]
//               with Q normalised, 0 if not visited, N(s) = 1 + sum N
//   root        P mixed with Dirichlet noise
//   action      drawn in proportion to N^(1 / temperature)  [Eq. 6]
//   target      N / sum N
//
// Ties go to the lowest action, save that of the most visited actions the one
// with the largest Q-value is taken.  Without simulations P stands in for N.
class PuctPolicy : public TreePolicy {
 public:
  // `config` and `random` must outlive this object.  Draws from `random` here
  // if root_exploration_fraction is not 0, and in Decide() if
  // visit_softmax_temperature is not 0.
  PuctPolicy(const SearchConfig& config, const SearchTree& tree,
             std::mt19937_64& random);

  int SelectAction(const SearchTree& tree, int node) override;
  Decision Decide(const SearchTree& tree) override;

 private:
  const SearchConfig& config_;
  std::mt19937_64& random_;
  std::vector<float> noisy_priors_;  // [num_actions] of the root.
};

}  // namespace muzero

#endif  // MUZERO_PUCT_POLICY_H_
