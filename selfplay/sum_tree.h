#ifndef SELFPLAY_SUM_TREE_H_
#define SELFPLAY_SUM_TREE_H_

#include <vector>

namespace selfplay {

// Weights of a fixed number of items, from which an item is found by its share
// of the total: what proportional sampling needs [Schaul et al. 2016, App.
// B.2.1].  A complete binary tree in one array, every node the sum of its two
// children, so that sums do not drift however often weights change.
//
// Not thread-safe.
class SumTree {
 public:
  // All weights are 0.  REQUIRES: size >= 1.
  explicit SumTree(int size);

  int size() const { return size_; }

  // O(log size).  REQUIRES: 0 <= item < size(); `weight` is finite, >= 0.
  void Set(int item, double weight);

  double weight(int item) const;

  // Of all items.
  double total() const { return nodes_[1]; }

  // The item in whose stretch `mass` falls when the weights are laid end to
  // end; never one of weight 0.  O(log size).
  // REQUIRES: 0 <= mass < total().
  int Find(double mass) const;

 private:
  int size_;
  int first_leaf_;  // A power of two.
  // [2 * first_leaf_]: node n has the children 2n and 2n + 1; the root is 1;
  // item i is node first_leaf_ + i.
  std::vector<double> nodes_;
};

}  // namespace selfplay

#endif  // SELFPLAY_SUM_TREE_H_
