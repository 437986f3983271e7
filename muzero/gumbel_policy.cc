#include "muzero/gumbel_policy.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "absl/types/span.h"
#include "muzero/completed_q.h"
#include "muzero/random_draws.h"
#include "muzero/sequential_halving.h"

namespace muzero {
namespace {

constexpr int kRoot = SearchTree::kRootIndex;

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

GumbelPolicy::GumbelPolicy(const SearchConfig& config, const SearchTree& tree,
                           std::mt19937_64& random)
    : config_(config),
      noisy_logits_(tree.logits(kRoot).begin(), tree.logits(kRoot).end()),
      considered_visits_(ConsideredVisits(
          std::min(config.max_num_considered_actions, tree.num_actions()),
          config.num_simulations)) {
  if (config.gumbel_scale == 0) return;
  for (double& logit : noisy_logits_) {
    logit += config.gumbel_scale * DrawGumbel(random);
  }
}

std::vector<int> GumbelPolicy::SettledRootActions() const {
  const auto num_settled = static_cast<ptrdiff_t>(
      std::count(considered_visits_.begin(), considered_visits_.end(), 0));
  std::vector<int> actions(noisy_logits_.size());
  std::iota(actions.begin(), actions.end(), 0);
  std::partial_sort(actions.begin(), actions.begin() + num_settled,
                    actions.end(), [this](int a, int b) {
                      const double score_a = noisy_logits_[Index(a)];
                      const double score_b = noisy_logits_[Index(b)];
                      return score_a > score_b || (score_a == score_b && a < b);
                    });
  actions.resize(static_cast<size_t>(num_settled));
  return actions;
}

int GumbelPolicy::SelectAction(const SearchTree& tree, int node) {
  if (node != kRoot) return SelectInteriorAction(tree, node);
  const auto simulation = static_cast<size_t>(tree.visit_count(kRoot) - 1);
  return BestRootAction(tree, considered_visits_[simulation]);
}

TreePolicy::Decision GumbelPolicy::Decide(const SearchTree& tree) {
  const absl::Span<const int> visits = tree.child_visit_counts(kRoot);
  const std::vector<double> improved = ImprovedPolicy(tree, kRoot, config_);
  return {.action = BestRootAction(
              tree, *std::max_element(visits.begin(), visits.end())),
          .search_policy = {improved.begin(), improved.end()}};
}

int GumbelPolicy::SelectInteriorAction(const SearchTree& tree, int node) const {
  const absl::Span<const int> visits = tree.child_visit_counts(node);
  const double visits_plus_1 =
      1 + std::accumulate(visits.begin(), visits.end(), 0);
  std::vector<double> scores = ImprovedPolicy(tree, node, config_);
  for (size_t action = 0; action < scores.size(); ++action) {
    scores[action] -= visits[action] / visits_plus_1;
  }
  return static_cast<int>(std::max_element(scores.begin(), scores.end()) -
                          scores.begin());
}

int GumbelPolicy::BestRootAction(const SearchTree& tree,
                                 int visit_count) const {
  const absl::Span<const int> visits = tree.child_visit_counts(kRoot);
  const std::vector<double> scaled_q = ScaledCompletedQ(tree, kRoot, config_);
  int best = -1;
  double best_score = -std::numeric_limits<double>::infinity();
  for (size_t action = 0; action < visits.size(); ++action) {
    if (visits[action] != visit_count) continue;
    const double score = noisy_logits_[action] + scaled_q[action];
    if (best >= 0 && score <= best_score) continue;
    best = static_cast<int>(action);
    best_score = score;
  }
  assert(best >= 0);
  return best;
}

}  // namespace muzero
