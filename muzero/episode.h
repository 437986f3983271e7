#ifndef MUZERO_EPISODE_H_
#define MUZERO_EPISODE_H_

#include <vector>

namespace muzero {

// One step of a finished episode: what was done and what came of it.
struct EpisodeStep {
  int action = 0;
  float reward = 0;      // Received after `action`.
  float root_value = 0;  // The search's estimate before `action`.
  // [num_actions] what the policy should have been: the search's policy, or a
  // teacher's.  Empty: nothing to learn the policy from.
  std::vector<float> search_policy;
  // [num_auxiliary] the truth about the state that `action` led to.  NaN: not
  // known, nothing to learn from.
  std::vector<float> auxiliary;
};

// An episode, without its observations: those are large, and a sample needs
// only one.
struct Episode {
  std::vector<EpisodeStep> steps;
  // [num_auxiliary] what was true of the episode as a whole, from its first
  // state on; NaN for what belongs to a single step.
  std::vector<float> initial_auxiliary;
};

}  // namespace muzero

#endif  // MUZERO_EPISODE_H_
