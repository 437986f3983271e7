#ifndef MUZERO_MODEL_H_
#define MUZERO_MODEL_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace muzero {

// What the planner sees at one step: a sequence of tokens, one of them in
// focus, and what belongs to no single token.
struct Observation {
  int num_tokens = 0;
  std::vector<float> tokens;   // [num_tokens, token_size]
  std::vector<float> context;  // [context_size]
  int focus = 0;               // Index of the token to act on.
};

// What a model foretells of one state.
struct Prediction {
  std::vector<float> hidden_state;   // [hidden_size]
  std::vector<float> policy_logits;  // [num_actions]
  float value = 0;                   // Expected return from this state on.
  float reward = 0;  // Of the action that led here; 0 at the root.
  // [num_auxiliary] what else the model foretells.  The search hands it through
  // and does not look at it.
  std::vector<float> auxiliary;
};

// A state and the action taken in it.
struct Transition {
  absl::Span<const float> hidden_state;  // [hidden_size], borrowed.
  int action = 0;                        // In [0, num_actions).
};

// A learned (or perfect) model of the environment: h, g and f of [MuZero,
// Sec. 3].  The search sees nothing else of network or environment.
//
// Both calls take a batch, answer one entry for each of its entries in the same
// order, and may fail as devices do.  What they return may hold NaN: callers
// check.  Implementations say whether they are thread-safe.
class Model {
 public:
  virtual ~Model() = default;

  virtual int num_actions() const = 0;

  // f(h(observation)).
  virtual absl::StatusOr<std::vector<Prediction>> InitialInference(
      absl::Span<const Observation> observations) = 0;

  // f(g(hidden_state, action)).
  virtual absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition> transitions) = 0;
};

}  // namespace muzero

#endif  // MUZERO_MODEL_H_
