#ifndef TESTS_SELFPLAY_MADE_EPISODE_H_
#define TESTS_SELFPLAY_MADE_EPISODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/played_episode.h"

namespace selfplay {

// First-pass statistics of `frames` frames, made up.
std::vector<encoder_bridge::FirstPassFrameStats> MadeStats(int frames,
                                                           uint64_t seed = 1);

struct MadeEpisodeOptions {
  std::string id = "episode";
  Pair pair = {.clip = "clip@356x200", .target_bitrate_kbps = 256};
  std::string first_pass = std::string(64, 'a');
  int frames = 6;  // Shown; every eighth has an ARF before it.
  uint64_t seed = 1;
};

// An episode of real proportions with made up numbers, each policy a softmax
// over all actions.  It passes CheckPlayedEpisode().
PlayedEpisode MadeEpisode(const MadeEpisodeOptions& options = {});

// Whether they are the same, bit for bit.
bool AreSame(const PlayedEpisode& a, const PlayedEpisode& b);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_MADE_EPISODE_H_
