#ifndef MUZERO_GUMBEL_POLICY_H_
#define MUZERO_GUMBEL_POLICY_H_

#include <random>
#include <vector>

#include "muzero/search_config.h"
#include "muzero/search_tree.h"
#include "muzero/tree_policy.h"

namespace muzero {

// "Policy improvement by planning with Gumbel", Danihelka et al., ICLR 2022,
// as in mctx's gumbel_muzero_policy:
//
//   root      sequential halving over the m actions of largest g + logits, by
//             g + logits + sigma(completedQ), g being Gumbel noise
//   interior  argmax pi' - N / (1 + sum N)  [Eq. 14]
//   action    argmax g + logits + sigma(completedQ) of the most visited
//   target    pi' = softmax(logits + sigma(completedQ))  [Eq. 11]
//
// Ties go to the lowest action.
class GumbelPolicy : public TreePolicy {
 public:
  // `config` must outlive this object.  Draws one number of `random` for each
  // action, or none if gumbel_scale is 0.
  GumbelPolicy(const SearchConfig& config, const SearchTree& tree,
               std::mt19937_64& random);

  // The m actions that are considered: what is not visited yet is told apart by
  // g + logits alone.
  std::vector<int> SettledRootActions() const override;
  int SelectAction(const SearchTree& tree, int node) override;
  Decision Decide(const SearchTree& tree) override;

 private:
  int SelectInteriorAction(const SearchTree& tree, int node) const;

  // The best of the root's actions with this visit count.
  int BestRootAction(const SearchTree& tree, int visit_count) const;

  const SearchConfig& config_;
  std::vector<double> noisy_logits_;    // [num_actions] g + logits
  std::vector<int> considered_visits_;  // [num_simulations]
};

}  // namespace muzero

#endif  // MUZERO_GUMBEL_POLICY_H_
