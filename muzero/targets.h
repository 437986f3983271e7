#ifndef MUZERO_TARGETS_H_
#define MUZERO_TARGETS_H_

#include <vector>

#include "absl/status/status.h"
#include "muzero/episode.h"
#include "muzero/model.h"

namespace muzero {

struct TargetConfig {
  int num_unroll_steps = 5;  // K
  // n of the n-step return; 0: the return to the end of the episode.
  int td_steps = 0;
  double discount = 1;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// What the prediction at one unrolled state should have been.
struct TargetState {
  float value = 0;
  // [num_actions]; empty: masked, as past the end of the episode.
  std::vector<float> policy;
  // [num_auxiliary]; NaN: masked.  Empty: all masked.
  std::vector<float> auxiliary;
};

// One thing to learn from: a state of an episode and the K actions after it.
struct Sample {
  Observation observation;
  std::vector<int> actions;          // [K]
  std::vector<TargetState> targets;  // [K + 1]
  float weight = 1;                  // Importance, for prioritised replay.
};

// Targets for the unroll from step `first` of `episode`.  The value of the
// state before step t is the n-step return [MuZero, Sec. 3]
//
//   z_t = r_t + γ r_{t+1} + ... + γ^{n-1} r_{t+n-1} + γ^n v_{t+n}
//
// with r the rewards and v the root values, or the return to the end if the
// episode ends within n steps.
//
// The states after the last step are absorbing: their policy is masked, and
// from the second on their auxiliary targets are too.  Their value is the last
// reward, not 0: the network foretells no rewards, so that this value is all
// that tells the search of what the last action leads to.  Rewards are to be
// given at the end of an episode, and nowhere else.
//
// `observation` is left empty; actions past the end are 0.
//
// Time: O(K n), or O(K steps) for n = 0.
// REQUIRES: 0 <= first < episode.steps.size(); `config` is valid.
Sample MakeSample(const Episode& episode, int first,
                  const TargetConfig& config);

}  // namespace muzero

#endif  // MUZERO_TARGETS_H_
