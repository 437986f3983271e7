#ifndef TESTS_MUZERO_RANDOM_MDP_H_
#define TESTS_MUZERO_RANDOM_MDP_H_

#include <random>
#include <vector>

#include "tests/muzero/fake_model.h"

namespace muzero {

// Problems whose answer is known, with a perfect model of them: its rewards and
// transitions are right, and its values those of acting by its own policy.
// All begin in state 0.

// One choice, which brings a reward in [0, 1], and then nothing.  The policy
// is random: an action's logit is normal with this deviation.
Mdp RandomBandit(int num_actions, double logit_deviation,
                 std::mt19937_64& random);

// A tree of choices, `depth` of them, each with a reward in [0, 1].
Mdp RandomTree(int num_actions, int depth, double logit_deviation,
               std::mt19937_64& random);

// Values of the actions in state 0, undiscounted: [num_actions].
std::vector<double> PolicyQ(const Mdp& mdp);   // Then by the model's policy.
std::vector<double> OptimalQ(const Mdp& mdp);  // Then as well as can be.

}  // namespace muzero

#endif  // TESTS_MUZERO_RANDOM_MDP_H_
