#include "muzero/puct_policy.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "muzero/min_max_stats.h"
#include "muzero/random_draws.h"

namespace muzero {
namespace {

constexpr int kRoot = SearchTree::kRootIndex;

// Among actions of the largest weight that of the largest Q-value.
int HeaviestAction(absl::Span<const float> weights,
                   absl::Span<const double> q_values) {
  size_t best = 0;
  for (size_t action = 1; action < weights.size(); ++action) {
    if (std::pair(weights[action], q_values[action]) >
        std::pair(weights[best], q_values[best])) {
      best = action;
    }
  }
  return static_cast<int>(best);
}

// weights^(1 / temperature), but for a factor that keeps them in range.
std::vector<double> Tempered(absl::Span<const float> weights,
                             double temperature) {
  const double max = *std::max_element(weights.begin(), weights.end());
  std::vector<double> tempered(weights.begin(), weights.end());
  for (double& weight : tempered) {
    weight = std::pow(weight / max, 1 / temperature);
  }
  return tempered;
}

}  // namespace

PuctPolicy::PuctPolicy(const SearchConfig& config, const SearchTree& tree,
                       std::mt19937_64& random)
    : config_(config),
      random_(random),
      noisy_priors_(tree.priors(kRoot).begin(), tree.priors(kRoot).end()) {
  const double fraction = config.root_exploration_fraction;
  if (fraction == 0) return;
  const std::vector<double> noise =
      DrawDirichlet(config.root_dirichlet_alpha, tree.num_actions(), random);
  for (size_t action = 0; action < noise.size(); ++action) {
    float& prior = noisy_priors_[action];
    prior =
        static_cast<float>((1 - fraction) * prior + fraction * noise[action]);
  }
}

int PuctPolicy::SelectAction(const SearchTree& tree, int node) {
  const absl::Span<const float> priors =
      node == kRoot ? absl::MakeConstSpan(noisy_priors_) : tree.priors(node);
  const absl::Span<const int> visits = tree.child_visit_counts(node);
  const absl::Span<const double> q_values = tree.q_values(node);
  const MinMaxStats& range = tree.min_max_stats();
  const double parent_visits = tree.visit_count(node);  // N(s)
  const double exploration =
      std::sqrt(parent_visits) *
      (config_.pb_c_init +
       std::log((parent_visits + config_.pb_c_base + 1) / config_.pb_c_base));
  size_t best = 0;
  double best_score = -std::numeric_limits<double>::infinity();
  for (size_t action = 0; action < visits.size(); ++action) {
    double score = exploration * priors[action];
    if (visits[action] > 0) {
      score = score / (1 + visits[action]) + range.Normalize(q_values[action]);
    }
    if (score <= best_score) continue;
    best = action;
    best_score = score;
  }
  return static_cast<int>(best);
}

TreePolicy::Decision PuctPolicy::Decide(const SearchTree& tree) {
  Decision decision;
  decision.search_policy.assign(tree.priors(kRoot).begin(),
                                tree.priors(kRoot).end());
  const int num_simulations = tree.visit_count(kRoot) - 1;
  if (num_simulations > 0) {
    const absl::Span<const int> visits = tree.child_visit_counts(kRoot);
    for (size_t action = 0; action < visits.size(); ++action) {
      decision.search_policy[action] = static_cast<float>(visits[action]) /
                                       static_cast<float>(num_simulations);
    }
  }
  const double temperature = config_.visit_softmax_temperature;
  decision.action =
      temperature == 0
          ? HeaviestAction(decision.search_policy, tree.q_values(kRoot))
          : DrawIndex(Tempered(decision.search_policy, temperature), random_);
  return decision;
}

}  // namespace muzero
