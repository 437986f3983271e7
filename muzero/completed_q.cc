#include "muzero/completed_q.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "muzero/softmax.h"

namespace muzero {

double MixedValue(const SearchTree& tree, int node) {
  const absl::Span<const float> priors = tree.priors(node);
  const absl::Span<const int> visits = tree.child_visit_counts(node);
  const absl::Span<const double> q_values = tree.q_values(node);
  int sum_of_visits = 0;
  double sum_of_priors = 0;
  double weighted_q = 0;
  for (size_t action = 0; action < visits.size(); ++action) {
    if (visits[action] == 0) continue;
    // Priors may have been rounded to 0.
    const double prior =
        std::max(priors[action], std::numeric_limits<float>::min());
    sum_of_visits += visits[action];
    sum_of_priors += prior;
    weighted_q += prior * q_values[action];
  }
  if (sum_of_visits == 0) return tree.raw_value(node);
  return (tree.raw_value(node) + sum_of_visits * weighted_q / sum_of_priors) /
         (1 + sum_of_visits);
}

std::vector<double> ScaledCompletedQ(const SearchTree& tree, int node,
                                     const SearchConfig& config) {
  const absl::Span<const int> visits = tree.child_visit_counts(node);
  const absl::Span<const double> q_values = tree.q_values(node);
  const MinMaxStats& range = tree.min_max_stats();
  const int max_visits = *std::max_element(visits.begin(), visits.end());
  const double scale = (config.c_visit + max_visits) * config.c_scale;
  std::vector<double> scaled(visits.size(),
                             scale * range.Normalize(MixedValue(tree, node)));
  for (size_t action = 0; action < visits.size(); ++action) {
    if (visits[action] == 0) continue;
    scaled[action] = scale * range.Normalize(q_values[action]);
  }
  return scaled;
}

std::vector<double> ImprovedPolicy(const SearchTree& tree, int node,
                                   const SearchConfig& config) {
  const absl::Span<const float> logits = tree.logits(node);
  std::vector<double> improved = ScaledCompletedQ(tree, node, config);
  for (size_t action = 0; action < improved.size(); ++action) {
    improved[action] += logits[action];
  }
  return Softmax<double>(improved);
}

}  // namespace muzero
