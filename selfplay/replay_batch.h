#ifndef SELFPLAY_REPLAY_BATCH_H_
#define SELFPLAY_REPLAY_BATCH_H_

#include <random>
#include <vector>

#include "muzero/targets.h"
#include "selfplay/replay_buffer.h"

namespace selfplay {

// What a gradient step learns from, and where it came from.
struct ReplayBatch {
  std::vector<StepKey> keys;            // [batch]
  std::vector<muzero::Sample> samples;  // [batch]
};

// The unrolls from `drawn`, with the rewards their episodes have now.  Actions
// past the end of an episode are drawn at random: what is done there must not
// matter.
// REQUIRES: `config` is valid; num_actions >= 1.
ReplayBatch MakeReplayBatch(const std::vector<DrawnStep>& drawn,
                            const muzero::TargetConfig& config, int num_actions,
                            std::mt19937_64& random);

}  // namespace selfplay

#endif  // SELFPLAY_REPLAY_BATCH_H_
