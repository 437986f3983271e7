#include "muzero/targets.h"

#include <cassert>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "muzero/episode.h"

namespace muzero {
namespace {

// z_t; the last reward from the end of the episode on.
double NStepReturn(const Episode& episode, int t, const TargetConfig& config) {
  const int num_steps = static_cast<int>(episode.steps.size());
  if (t >= num_steps) return double{episode.steps.back().reward};
  const int left = num_steps - t;
  const bool bootstraps = config.td_steps > 0 && config.td_steps < left;
  const int n = bootstraps ? config.td_steps : left;
  // Horner's rule, from the far end.
  double value = bootstraps ? double{episode.steps[t + n].root_value} : 0.0;
  for (int i = n - 1; i >= 0; --i) {
    value = double{episode.steps[t + i].reward} + config.discount * value;
  }
  return value;
}

TargetState MakeTarget(const Episode& episode, int t,
                       const TargetConfig& config) {
  const int num_steps = static_cast<int>(episode.steps.size());
  TargetState target;
  target.value = static_cast<float>(NStepReturn(episode, t, config));
  if (t < num_steps) target.policy = episode.steps[t].search_policy;
  if (t == 0) {
    target.auxiliary = episode.initial_auxiliary;
  } else if (t <= num_steps) {
    target.auxiliary = episode.steps[t - 1].auxiliary;
  }
  return target;
}

}  // namespace

absl::Status TargetConfig::Validate() const {
  if (num_unroll_steps < 0 || num_unroll_steps > 1000) {
    return absl::InvalidArgumentError(absl::StrCat(
        "num_unroll_steps ", num_unroll_steps, " is not in [0, 1000]"));
  }
  if (td_steps < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("td_steps ", td_steps, " is negative"));
  }
  if (!(discount >= 0 && discount <= 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("discount ", discount, " is not in [0, 1]"));
  }
  return absl::OkStatus();
}

Sample MakeSample(const Episode& episode, int first,
                  const TargetConfig& config) {
  const int num_steps = static_cast<int>(episode.steps.size());
  assert(first >= 0 && first < num_steps);
  Sample sample;
  for (int k = 0; k <= config.num_unroll_steps; ++k) {
    const int t = first + k;
    sample.targets.push_back(MakeTarget(episode, t, config));
    if (k == config.num_unroll_steps) break;
    sample.actions.push_back(t < num_steps ? episode.steps[t].action : 0);
  }
  return sample;
}

}  // namespace muzero
