#ifndef SELFPLAY_SELF_COMPETITION_H_
#define SELFPLAY_SELF_COMPETITION_H_

#include <cstdint>

#include "absl/status/status.h"

namespace selfplay {

// What came of one finished episode.
struct Outcome {
  double quality = 0;    // P: mean PSNR in dB for an encode; more is better.
  double overshoot = 0;  // O: max(0, bits / target bits - 1), a fraction.
};

// The agent's own past at one (clip, target): its opponent.  Averages of the
// outcomes of finished episodes, the recent ones counting most.
struct History {
  double quality = 0;    // P_ema
  double overshoot = 0;  // O_ema
  int64_t episodes = 0;  // How many went in; with 0 the averages mean nothing.
};

// What an episode gets for beating its history.
enum class RewardRule {
  kWinLoss,           // -1 or 1; 0 only for what is equal.
  kWinLossTolerance,  // The same, but small differences are ties: 0.
  kGain,              // By how much it was better, in [-1, 1].
};

struct SelfCompetitionConfig {
  RewardRule rule = RewardRule::kWinLoss;
  // What an average keeps of itself at each episode.  Young averages are plain
  // means, until they hold 1 / (1 - decay) episodes: else the first, random
  // ones would be the opponent for long.
  double decay = 0.9;
  // Overshoot, in an episode or in the average, that counts as none.  Above 0:
  // an average of overshoots gets ever smaller, but never 0 again, and with no
  // tolerance quality would not count from the first overshoot on.
  double overshoot_tolerance = 0.002;
  // Of an episode that has no history.
  double first_reward = 0;

  // kWinLossTolerance: differences up to these are ties.
  double overshoot_tie = 0.005;
  double quality_tie = 0.05;  // dB, for an encode.

  // kGain: the differences that are worth a reward of 1.  Together they say
  // how much quality makes up for how much overshoot.
  double overshoot_scale = 0.1;
  double quality_scale = 1;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// The reward of an episode.  kWinLoss is that of [Mandhane et al. 2022, arXiv
// 2202.06626]:
//
//   if O > tolerance or O_ema > tolerance:  r = sign(O_ema - O)
//   else:                                   r = sign(P - P_ema)
//
// First keep to the target, then be better than you were.  Where just one side
// keeps to it, that side has won, whatever the qualities: the quality of an
// encode that spent too much is bought with bits that were not its own, and
// says nothing about what could be had for the target.  Where both overshoot,
// the smaller overshoot wins.
//
// kWinLossTolerance is the same with sign(x) = 0 for |x| <= overshoot_tie or
// quality_tie: what is won by less than an encode differs from the next by
// chance is not learned from.
//
// kGain counts both at once, as there is no first and second among amounts:
//
//   r = clamp((P - P_ema) / quality_scale
//             - (max(0, O - tolerance) - max(0, O_ema - tolerance))
//                   / overshoot_scale)
//
// so that quality is learned from while the average still overshoots, and the
// mixed case needs no rule of its own.
//
// Always in [-1, 1].
// REQUIRES: `config` is valid; `outcome` is finite, its overshoot >= 0.
double Reward(const History& history, const Outcome& outcome,
              const SelfCompetitionConfig& config);

// `history` with one more episode.  The reward of an episode is taken against
// the history *before* it.
// REQUIRES: as Reward().
History Updated(const History& history, const Outcome& outcome,
                const SelfCompetitionConfig& config);

}  // namespace selfplay

#endif  // SELFPLAY_SELF_COMPETITION_H_
