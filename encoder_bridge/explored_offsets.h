#ifndef ENCODER_BRIDGE_EXPLORED_OFFSETS_H_
#define ENCODER_BRIDGE_EXPLORED_OFFSETS_H_

#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {

// As many attempts at one encode as there are different ones.
inline constexpr int kMaxAttempts = 8;

// The offsets of an attempt, from 0: the defaults, then others, for what suits
// a clip is not in its first-pass statistics alone.  Each, but for the two of
// complexity, is the one that, of those tried on 40 train clips (288 lines,
// cpu-used 5, two targets), adds most to the best of those before it.
// REQUIRES: 0 <= attempt < kMaxAttempts.
StepOffsetOptions ExploredOffsets(int attempt);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EXPLORED_OFFSETS_H_
