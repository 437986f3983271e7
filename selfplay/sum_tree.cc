#include "selfplay/sum_tree.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace selfplay {

SumTree::SumTree(int size)
    : size_(size),
      first_leaf_(static_cast<int>(std::bit_ceil(static_cast<unsigned>(size)))),
      nodes_(2 * static_cast<size_t>(first_leaf_), 0.0) {
  assert(size >= 1);
}

void SumTree::Set(int item, double weight) {
  assert(item >= 0 && item < size_);
  assert(std::isfinite(weight) && weight >= 0);
  size_t node = static_cast<size_t>(first_leaf_ + item);
  nodes_[node] = weight;
  for (node /= 2; node >= 1; node /= 2) {
    nodes_[node] = nodes_[2 * node] + nodes_[2 * node + 1];
  }
}

double SumTree::weight(int item) const {
  assert(item >= 0 && item < size_);
  return nodes_[static_cast<size_t>(first_leaf_ + item)];
}

int SumTree::Find(double mass) const {
  assert(mass >= 0 && mass < total());
  const size_t first_leaf = static_cast<size_t>(first_leaf_);
  size_t node = 1;
  while (node < first_leaf) {
    const double left = nodes_[2 * node];
    const double right = nodes_[2 * node + 1];
    // A rounding error must not lead into an empty half.
    const bool goes_left = mass < left || right <= 0;
    if (!goes_left) mass -= left;
    node = 2 * node + (goes_left ? 0 : 1);
  }
  return static_cast<int>(node - first_leaf);
}

}  // namespace selfplay
