#include "tests/muzero/random_mdp.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "muzero/random_draws.h"
#include "muzero/softmax.h"

namespace muzero {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// r + V of the next state, for each action of `state`.
std::vector<double> Q(const Mdp& mdp, int state,
                      const std::vector<double>& values) {
  std::vector<double> q;
  for (int action = 0; action < mdp.num_actions(); ++action) {
    q.push_back(mdp.rewards[Index(state)][Index(action)] +
                values[Index(mdp.next_states[Index(state)][Index(action)])]);
  }
  return q;
}

double MeanUnderPolicy(const Mdp& mdp, int state,
                       const std::vector<double>& q) {
  const std::vector<float> policy = Softmax<float>(mdp.logits[Index(state)]);
  double mean = 0;
  for (size_t action = 0; action < q.size(); ++action) {
    mean += policy[action] * q[action];
  }
  return mean;
}

// Backwards over states, as each leads to later ones only; the last is the end.
template <typename Choose>
std::vector<double> ValuesOfStates(const Mdp& mdp, Choose choose) {
  std::vector<double> values(Index(mdp.num_states()), 0.0);
  for (int state = mdp.num_states() - 2; state >= 0; --state) {
    values[Index(state)] = choose(state, Q(mdp, state, values));
  }
  return values;
}

std::vector<double> PolicyValues(const Mdp& mdp) {
  return ValuesOfStates(mdp, [&mdp](int state, const std::vector<double>& q) {
    return MeanUnderPolicy(mdp, state, q);
  });
}

// Roughly normal: a sum of twelve uniform numbers.
float DrawLogit(double deviation, std::mt19937_64& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += DrawUniform(random);
  return static_cast<float>(deviation * sum);
}

}  // namespace

Mdp RandomBandit(int num_actions, double logit_deviation,
                 std::mt19937_64& random) {
  return RandomTree(num_actions, /*depth=*/1, logit_deviation, random);
}

Mdp RandomTree(int num_actions, int depth, double logit_deviation,
               std::mt19937_64& random) {
  int num_choices = 0;  // Inner nodes of the tree.
  for (int level = 0, width = 1; level < depth; ++level) {
    num_choices += width;
    width *= num_actions;
  }
  const int end = num_choices;
  Mdp mdp;
  for (int state = 0; state <= end; ++state) {
    mdp.logits.emplace_back();
    mdp.rewards.emplace_back();
    mdp.next_states.emplace_back();
    for (int action = 0; action < num_actions; ++action) {
      mdp.logits.back().push_back(DrawLogit(logit_deviation, random));
      mdp.rewards.back().push_back(
          state == end ? 0.0f : static_cast<float>(DrawUniform(random)));
      mdp.next_states.back().push_back(
          std::min(end, state * num_actions + 1 + action));
    }
  }
  mdp.values.resize(Index(end) + 1);
  const std::vector<double> values = PolicyValues(mdp);
  std::transform(values.begin(), values.end(), mdp.values.begin(),
                 [](double value) { return static_cast<float>(value); });
  return mdp;
}

std::vector<double> PolicyQ(const Mdp& mdp) {
  return Q(mdp, 0, PolicyValues(mdp));
}

std::vector<double> OptimalQ(const Mdp& mdp) {
  return Q(mdp, 0, ValuesOfStates(mdp, [](int, const std::vector<double>& q) {
             return *std::max_element(q.begin(), q.end());
           }));
}

}  // namespace muzero
