#ifndef SELFPLAY_AUXILIARY_H_
#define SELFPLAY_AUXILIARY_H_

#include <vector>

#include "muzero/network_config.h"

namespace selfplay {

// What the network foretells of an encode besides policy and value: indices
// into muzero::Prediction::auxiliary, and into the targets of an episode.
enum Auxiliary : int {
  // ln(bits per luma pixel) of the frame that the last action coded.
  kFrameLogBpp,
  // Its PSNR in dB, Y, U and V together; unknown for a hidden ARF.
  kFramePsnrDb,
  // ln(bits of the whole episode over its target), at its end.  As ln because
  // a policy that knows nothing yet spends many times the target.
  kFinalLogBitsFraction,
  // Mean PSNR in dB of the episode's shown frames, at its end.
  kFinalPsnrDb,
  kNumAuxiliary,
};

// One head for each, in this order.
std::vector<muzero::AuxiliaryHead> AuxiliaryHeads();

}  // namespace selfplay

#endif  // SELFPLAY_AUXILIARY_H_
