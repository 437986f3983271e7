#include "muzero/search_tree.h"

#include <algorithm>
#include <cassert>

#include "muzero/softmax.h"

namespace muzero {

SearchStatistics SearchTree::Statistics() const {
  const int num_simulations = num_nodes_ - 1;
  int max_depth = 0;
  double sum_of_depths = 0;
  for (int node = 1; node < num_nodes_; ++node) {
    max_depth = std::max(max_depth, depth(node));
    sum_of_depths += depth(node);
  }
  const absl::Span<const int> visits = child_visit_counts(kRootIndex);
  return {.num_simulations = num_simulations,
          .max_depth = max_depth,
          .mean_depth = sum_of_depths / std::max(1, num_simulations),
          .min_value = min_max_stats_.min(),
          .max_value = min_max_stats_.max(),
          .num_visited_actions = static_cast<int>(std::count_if(
              visits.begin(), visits.end(), [](int n) { return n > 0; })),
          .max_visit_count = *std::max_element(visits.begin(), visits.end())};
}

Edge SearchTree::GetEdge(int node, int action) const {
  const int next = child(node, action);
  Edge edge = {.prior = priors(node)[Index(action)],
               .visit_count = child_visit_counts(node)[Index(action)]};
  if (edge.visit_count > 0) edge.q_value = q_values(node)[Index(action)];
  if (next != kNoNode) edge.auxiliary = auxiliary(next);
  return edge;
}

void SearchTree::Reset(const Prediction& root, int max_nodes) {
  num_nodes_ = 0;
  num_actions_ = static_cast<int>(root.policy_logits.size());
  hidden_size_ = static_cast<int>(root.hidden_state.size());
  num_auxiliary_ = static_cast<int>(root.auxiliary.size());
  min_max_stats_ = MinMaxStats();
  // Rows have other places now if their sizes have changed.
  capacity_ = 0;
  Reserve(std::max(1, max_nodes));
  AddNode(kNoNode, kNoNode, root);
}

int SearchTree::AddChild(int parent, int action, const Prediction& prediction) {
  assert(child(parent, action) == kNoNode);
  const int node = AddNode(parent, action, prediction);
  children_[Index(parent) * Index(num_actions_) + Index(action)] = node;
  return node;
}

void SearchTree::BackUp(int leaf, double discount) {
  double value = raw_values_[Index(leaf)];  // G
  int node = leaf;
  while (parents_[Index(node)] != kNoNode) {
    const int parent = parents_[Index(node)];
    const size_t edge =
        Index(parent) * Index(num_actions_) + Index(actions_[Index(node)]);
    const double reward = rewards_[Index(node)];
    q_values_[edge] = reward + discount * values_[Index(node)];
    ++child_visit_counts_[edge];
    min_max_stats_.Update(q_values_[edge]);

    value = reward + discount * value;
    double& mean = values_[Index(parent)];
    mean += (value - mean) / ++visit_counts_[Index(parent)];
    node = parent;
  }
}

void SearchTree::Reserve(int num_nodes) {
  if (num_nodes <= capacity_) return;
  capacity_ = num_nodes;
  const size_t rows = Index(capacity_);
  const auto make_room = [rows](auto& array, int num_columns) {
    const size_t size = rows * Index(num_columns);
    if (array.size() < size) array.resize(size);
  };
  make_room(parents_, 1);
  make_room(actions_, 1);
  make_room(depths_, 1);
  make_room(visit_counts_, 1);
  make_room(values_, 1);
  make_room(raw_values_, 1);
  make_room(rewards_, 1);
  make_room(hidden_states_, hidden_size_);
  make_room(auxiliaries_, num_auxiliary_);
  make_room(logits_, num_actions_);
  make_room(priors_, num_actions_);
  make_room(children_, num_actions_);
  make_room(child_visit_counts_, num_actions_);
  make_room(q_values_, num_actions_);
}

int SearchTree::AddNode(int parent, int action, const Prediction& prediction) {
  assert(static_cast<int>(prediction.policy_logits.size()) == num_actions_);
  assert(static_cast<int>(prediction.hidden_state.size()) == hidden_size_);
  assert(static_cast<int>(prediction.auxiliary.size()) == num_auxiliary_);
  if (num_nodes_ == capacity_) Reserve(2 * capacity_);
  const int node = num_nodes_++;
  const size_t n = Index(node);
  parents_[n] = parent;
  actions_[n] = action;
  depths_[n] = parent == kNoNode ? 0 : depths_[Index(parent)] + 1;
  visit_counts_[n] = 1;
  values_[n] = prediction.value;
  raw_values_[n] = prediction.value;
  rewards_[n] = prediction.reward;
  min_max_stats_.Update(prediction.value);

  const auto fill = [n](auto& matrix, const auto& row) {
    std::copy(row.begin(), row.end(),
              matrix.begin() + static_cast<std::ptrdiff_t>(n * row.size()));
  };
  fill(hidden_states_, prediction.hidden_state);
  fill(auxiliaries_, prediction.auxiliary);
  fill(logits_, prediction.policy_logits);
  fill(priors_, Softmax<float>(prediction.policy_logits));
  const size_t first = n * Index(num_actions_);
  const size_t count = Index(num_actions_);
  std::fill_n(&children_[first], count, kNoNode);
  std::fill_n(&child_visit_counts_[first], count, 0);
  std::fill_n(&q_values_[first], count, 0.0);
  return node;
}

}  // namespace muzero
