#ifndef SELFPLAY_ACTION_SPACE_H_
#define SELFPLAY_ACTION_SPACE_H_

#include <vector>

namespace selfplay {

// The planner's actions are quantizer steps relative to the one that the
// feedback controller proposes for the frame: the middle action is its
// proposal, and each is coarser by kActionStep than the one before.  Feedback
// keeps to the target, whatever it is asked to do meanwhile, so that a policy
// only has to know which frames are worth more than others.
inline constexpr int kNumActions = 101;
inline constexpr int kProposedAction = kNumActions / 2;
// In ln(quantizer step); one q_index is 0.02 where targets are low.
inline constexpr double kActionStep = 0.025;

// The q_index in [kMinQIndex, kMaxQIndex] nearest to what `action` asks for.
// `feedback_log_step` is LogQuantizerStep() of the proposal.
// REQUIRES: `action` in [0, kNumActions).
int QIndexOfAction(int action, double feedback_log_step);

// The action nearest to what was done.
// REQUIRES: `q_index` in [kMinQIndex, kMaxQIndex].
int ActionOfQIndex(int q_index, double feedback_log_step);

// [kNumActions] the policy that would have done about what was done: a bell
// curve around it, two actions wide.  What lies beyond the outermost action
// counts as that.
std::vector<float> ExamplePolicy(int q_index, double feedback_log_step);

}  // namespace selfplay

#endif  // SELFPLAY_ACTION_SPACE_H_
