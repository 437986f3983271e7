#ifndef MUZERO_TREE_POLICY_H_
#define MUZERO_TREE_POLICY_H_

#include <vector>

#include "muzero/search_tree.h"

namespace muzero {

// The part of a search that its algorithm makes: where each simulation goes,
// and what comes of all of them.  One instance for each search; made when
// the tree has its root, and always called with that tree.
class TreePolicy {
 public:
  struct Decision {
    int action = 0;
    std::vector<float> search_policy;  // [num_actions], sums to 1.
  };

  virtual ~TreePolicy() = default;

  // The actions of the root that the first simulations take, in their order, as
  // far as they are settled before the model has said anything of any of them.
  // All different.
  virtual std::vector<int> SettledRootActions() const { return {}; }

  // The action by which the simulation under way goes on from `node`.
  virtual int SelectAction(const SearchTree& tree, int node) = 0;

  // Called once, after the last simulation.
  virtual Decision Decide(const SearchTree& tree) = 0;
};

}  // namespace muzero

#endif  // MUZERO_TREE_POLICY_H_
