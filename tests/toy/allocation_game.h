#ifndef TESTS_TOY_ALLOCATION_GAME_H_
#define TESTS_TOY_ALLOCATION_GAME_H_

#include <cstdint>
#include <vector>

#include "muzero/model.h"

namespace toy {

// The most that one frame can be given.
inline constexpr int kMaxSpend = 5;
// Actions are the units given to a frame: 0..kMaxSpend.
inline constexpr int kNumActions = kMaxSpend + 1;
inline constexpr int kTokenSize = 6;
inline constexpr int kContextSize = 4;

// What an encode is made of, in small: frames that are worth more or less, and
// a budget in units for all of them.
struct AllocationInstance {
  std::vector<double> weights;  // [num_frames], each > 0.
  int budget = 0;               // Units.
};

// One play of the allocation game.  Frame by frame, the player spends 0 to
// kMaxSpend units.  At the end
//
//   quality   = sum_i weight_i sqrt(spend_i)
//   overshoot = max(0, sum_i spend_i / budget - 1)
//
// so that returns diminish as they do with bits, the budget can be broken as a
// target bitrate can, and what is given to a frame is missed by later ones.
class AllocationGame {
 public:
  // `instance` is borrowed.
  explicit AllocationGame(const AllocationInstance& instance);

  bool is_finished() const;

  // Acts on the current frame, then moves on.
  // REQUIRES: !is_finished(); 0 <= units <= kMaxSpend.
  void Spend(int units);

  // One token for each frame, [kTokenSize]: log of the weight, weight over the
  // mean weight less 1, units spent over kMaxSpend, is coded, is in focus,
  // place relative to the focus over the number of frames.
  // Context, [kContextSize]: fraction of the budget left; units left over
  // kMaxSpend; the same for each frame left; fraction of frames left.
  // REQUIRES: !is_finished().
  muzero::Observation Observe() const;

  int units_spent() const;
  // Of the budget; negative when overspent.
  double fraction_left() const;
  // Of what was spent up to now.
  double quality() const;
  double overshoot() const;

 private:
  const AllocationInstance& instance_;
  std::vector<int> spends_;  // Of the frames done.
};

// `count` instances of 5 frames, with weights from 0.2 to 5 and budgets of a
// quarter to a half of what could be spent.
std::vector<AllocationInstance> MakeInstances(int count, uint64_t seed);

// The best quality to be had without overshoot, by dynamic programming over
// (frame, units left).
double OptimalQuality(const AllocationInstance& instance);

// Of giving all frames the same, as nearly as the budget lets.
double EvenQuality(const AllocationInstance& instance);

}  // namespace toy

#endif  // TESTS_TOY_ALLOCATION_GAME_H_
