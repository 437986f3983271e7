#ifndef MUZERO_SEARCH_CONFIG_H_
#define MUZERO_SEARCH_CONFIG_H_

#include "absl/status/status.h"

namespace muzero {

// How the root's actions are tried, and what the policy learns from it.
enum class SearchAlgorithm {
  kGumbel,  // "Policy improvement by planning with Gumbel", Danihelka et al.
  kPuct,    // [MuZero, App. B].
};

struct SearchConfig {
  SearchAlgorithm algorithm = SearchAlgorithm::kGumbel;
  int num_simulations = 16;  // 0: what the model says of the root, no more.
  double discount = 1;

  // kGumbel.
  int max_num_considered_actions = 16;  // m
  double gumbel_scale = 1;              // 0: no noise, the greedy choice.
  double c_visit = 50;                  // [Gumbel MuZero, Eq. 8].
  // 1 in the paper where Q-values are used as they are; 0.1 where they are
  // normalised to the range of what was seen, as here.
  double c_scale = 0.1;

  // kPuct.
  double pb_c_init = 1.25;
  double pb_c_base = 19652;
  double root_dirichlet_alpha = 0.3;
  double root_exploration_fraction = 0.25;  // 0: no noise.
  double visit_softmax_temperature = 1;     // 0: the most visited.

  // The same search without any noise or sampling: what an encode uses.
  SearchConfig Greedy() const;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

}  // namespace muzero

#endif  // MUZERO_SEARCH_CONFIG_H_
