#ifndef SELFPLAY_PLAYED_EPISODE_H_
#define SELFPLAY_PLAYED_EPISODE_H_

#include <compare>
#include <cstdint>
#include <string>

#include "selfplay/encode_episode.h"
#include "selfplay/self_competition.h"

namespace selfplay {

// What an episode competes in: episodes of the same clip, coded at the same
// size, for the same target are its own past.
struct Pair {
  std::string clip;             // Name in its catalogue, and size: "a@356x200".
  int target_bitrate_kbps = 0;  // Kilobits per second.

  auto operator<=>(const Pair&) const = default;
};

// A finished episode as a worker delivers it.
struct PlayedEpisode {
  // Unique among all episodes of a run, whoever plays them: what tells a second
  // delivery from a second episode.
  std::string id;
  Pair pair;
  std::string worker;  // Who played it, for people.
  // Of the weights it was begun with; 0: nobody's, a built-in controller's.
  int64_t weights_version = 0;
  std::string first_pass;  // SHA-256 of the clip's first-pass statistics.
  EncodeEpisode encode;
  Outcome outcome;
  double seconds = 0;  // Wall time that the second pass took.
};

}  // namespace selfplay

#endif  // SELFPLAY_PLAYED_EPISODE_H_
