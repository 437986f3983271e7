#include "selfplay/auxiliary.h"

#include <vector>

#include "muzero/network_config.h"

namespace selfplay {

// Scales and offsets are spread and mean over the training encodes, roughly.
std::vector<muzero::AuxiliaryHead> AuxiliaryHeads() {
  return {
      {.name = "frame_log_bpp", .weight = 1, .scale = 2, .offset = -4},
      {.name = "frame_psnr_db", .weight = 1, .scale = 5, .offset = 36},
      {.name = "final_log_bits_fraction", .weight = 1, .scale = 0.5},
      {.name = "final_psnr_db", .weight = 1, .scale = 5, .offset = 36},
  };
}

}  // namespace selfplay
