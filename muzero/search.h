#ifndef MUZERO_SEARCH_H_
#define MUZERO_SEARCH_H_

#include <random>
#include <vector>

#include "absl/status/statusor.h"
#include "muzero/model.h"
#include "muzero/search_config.h"
#include "muzero/search_tree.h"

namespace muzero {

struct SearchResult {
  int action = 0;
  // [num_actions], sums to 1: what the policy should learn.  kGumbel: the
  // improved policy, from completed Q-values.  kPuct: visit counts / sum.
  // Without simulations: the model's policy.
  std::vector<float> search_policy;
  // The mean of the model's value of the root and the returns of all
  // simulations: SearchTree::value(kRootIndex).
  double root_value = 0;
  SearchStatistics statistics;
};

// Plans one step from `observation`.  `tree` is working memory: it is cleared
// first, and holds the whole tree afterwards for whoever wants to look.  The
// same arguments and generator state give the same result, bit for bit.
//
// Calls `model` once for the root, once for all simulations that are settled
// before the first of them (TreePolicy::SettledRootActions), and once for each
// of the others.
//
// Errors: whatever `model` returns; Internal if it answers with NaN or infinity
// (Prediction::auxiliary aside, which is handed through as it is) or with the
// wrong number of entries.
// REQUIRES: `config` is valid; `model` has an action at least.
absl::StatusOr<SearchResult> Search(const SearchConfig& config,
                                    const Observation& observation,
                                    Model& model, std::mt19937_64& random,
                                    SearchTree& tree);

}  // namespace muzero

#endif  // MUZERO_SEARCH_H_
