#ifndef MUZERO_SEARCH_TREE_H_
#define MUZERO_SEARCH_TREE_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "muzero/min_max_stats.h"
#include "muzero/model.h"

namespace muzero {

// What a search looked like, for inspection.
struct SearchStatistics {
  int num_simulations = 0;
  int max_depth = 0;      // Edges from the root to the deepest node.
  double mean_depth = 0;  // Of the nodes that simulations added; 0 if none.
  double min_value = 0;   // Of the values seen, as MinMaxStats has them.
  double max_value = 0;
  int num_visited_actions = 0;  // Of the root.
  int max_visit_count = 0;      // Of the root's most visited action.
};

// One action of one node.
struct Edge {
  double prior = 0;  // The model's policy, without noise; sums to 1.
  int visit_count = 0;
  // r + discount * v of the child; none if it was never visited.
  std::optional<double> q_value;
  // Prediction::auxiliary of the child, [num_auxiliary], borrowed from the
  // tree until it changes; none if the child was never expanded.
  std::optional<absl::Span<const float>> auxiliary;
};

// The tree of one search: nodes in flat arrays, in the order in which they were
// added.  A Search() fills it; afterwards anyone may read it.  It keeps its
// memory from one search to the next.
//
// A node's value is the mean over the model's value for it and the returns of
// all simulations that went on from it; its visit count is their number, so
// that a node that was just added has 1.
//
// Nodes are in [0, num_nodes()) and actions in [0, num_actions()) throughout.
// Not thread-safe.
class SearchTree {
 public:
  static constexpr int kRootIndex = 0;
  static constexpr int kNoNode = -1;

  // For reading.

  int num_nodes() const { return num_nodes_; }
  int num_actions() const { return num_actions_; }

  // REQUIRES: there is a root.
  SearchStatistics Statistics() const;
  Edge GetEdge(int node, int action) const;
  Edge RootEdge(int action) const { return GetEdge(kRootIndex, action); }

  int parent(int node) const { return parents_[Index(node)]; }
  int action_from_parent(int node) const { return actions_[Index(node)]; }
  int depth(int node) const { return depths_[Index(node)]; }
  int visit_count(int node) const { return visit_counts_[Index(node)]; }
  double value(int node) const { return values_[Index(node)]; }
  double raw_value(int node) const { return raw_values_[Index(node)]; }
  double reward(int node) const { return rewards_[Index(node)]; }
  int child(int node, int action) const {
    return children_[Index(node) * Index(num_actions_) + Index(action)];
  }

  // [hidden_size], [num_auxiliary] of the node.  Borrowed, as all spans here,
  // until the tree changes.
  absl::Span<const float> hidden_state(int node) const {
    return Row(hidden_states_, node, hidden_size_);
  }
  absl::Span<const float> auxiliary(int node) const {
    return Row(auxiliaries_, node, num_auxiliary_);
  }

  // [num_actions] of the node's actions.
  absl::Span<const float> logits(int node) const {
    return Row(logits_, node, num_actions_);
  }
  absl::Span<const float> priors(int node) const {  // softmax(logits).
    return Row(priors_, node, num_actions_);
  }
  absl::Span<const int> child_visit_counts(int node) const {
    return Row(child_visit_counts_, node, num_actions_);
  }
  absl::Span<const double> q_values(int node) const {  // 0 if not visited.
    return Row(q_values_, node, num_actions_);
  }

  // Of the model's values and the Q-values: all that is ever normalised.
  const MinMaxStats& min_max_stats() const { return min_max_stats_; }

  // For the search.

  // Forgets everything, and makes `root` the only node.  Its sizes are those of
  // every node; there is room for `max_nodes` of them before memory grows.
  void Reset(const Prediction& root, int max_nodes);

  // Returns the new node.  It counts as visited only once it is backed up.
  // REQUIRES: there is no such child yet; `prediction` has the root's sizes.
  int AddChild(int parent, int action, const Prediction& prediction);

  // Tells `leaf`'s ancestors of its value [MuZero, App. B, Eq. 3, 4], with
  // G = r + discount * G on the way up.
  // REQUIRES: `leaf` was just added.
  void BackUp(int leaf, double discount);

 private:
  static size_t Index(int i) { return static_cast<size_t>(i); }

  template <typename T>
  static absl::Span<const T> Row(const std::vector<T>& matrix, int row,
                                 int num_columns) {
    return absl::MakeConstSpan(matrix).subspan(Index(row) * Index(num_columns),
                                               Index(num_columns));
  }

  void Reserve(int num_nodes);
  int AddNode(int parent, int action, const Prediction& prediction);

  int num_nodes_ = 0;
  int num_actions_ = 0;
  int hidden_size_ = 0;
  int num_auxiliary_ = 0;
  int capacity_ = 0;  // Nodes that the arrays have room for: [capacity, ...].

  std::vector<int> parents_;          // [capacity]
  std::vector<int> actions_;          // [capacity]
  std::vector<int> depths_;           // [capacity]
  std::vector<int> visit_counts_;     // [capacity]
  std::vector<double> values_;        // [capacity]
  std::vector<double> raw_values_;    // [capacity]
  std::vector<double> rewards_;       // [capacity]
  std::vector<float> hidden_states_;  // [capacity, hidden_size]
  std::vector<float> auxiliaries_;    // [capacity, num_auxiliary]

  std::vector<float> logits_;            // [capacity, num_actions]
  std::vector<float> priors_;            // [capacity, num_actions]
  std::vector<int> children_;            // [capacity, num_actions]
  std::vector<int> child_visit_counts_;  // [capacity, num_actions]
  std::vector<double> q_values_;         // [capacity, num_actions]

  MinMaxStats min_max_stats_;
};

}  // namespace muzero

#endif  // MUZERO_SEARCH_TREE_H_
