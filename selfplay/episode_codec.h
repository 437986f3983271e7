#ifndef SELFPLAY_EPISODE_CODEC_H_
#define SELFPLAY_EPISODE_CODEC_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "selfplay/played_episode.h"

namespace selfplay {

inline constexpr size_t kMaxEpisodeSteps = 65'536;
// Of an episode's bytes before they are compressed.
inline constexpr size_t kMaxEpisodeBytes = size_t{96} << 20;
inline constexpr size_t kMaxEpisodeIdBytes = 128;
inline constexpr size_t kMaxClipNameBytes = 512;
inline constexpr size_t kMaxWorkerNameBytes = 128;

// InvalidArgument, naming the field, unless the episode can be one:
//  - names are text of bounded length, the first pass's is a SHA-256;
//  - every number is finite, and in its range;
//  - coded frame i is step i, refers to frames before it only, was coded with
//    a q_index in [1, 255], and is shown within the clip;
//  - a policy has kNumActions entries, none negative, that sum up to 1.
absl::Status CheckPlayedEpisode(const PlayedEpisode& episode);

// The episode as bytes (episode.proto, compressed), with a format version.
// InvalidArgument as CheckPlayedEpisode().
absl::StatusOr<std::string> SerializePlayedEpisode(
    const PlayedEpisode& episode);

// The same episode, bit for bit.
// InvalidArgument if `bytes`, whatever they are, are none that
// CheckPlayedEpisode() would let pass.  Memory is bounded by some times
// kMaxEpisodeBytes.
absl::StatusOr<PlayedEpisode> ParsePlayedEpisode(absl::string_view bytes);

}  // namespace selfplay

#endif  // SELFPLAY_EPISODE_CODEC_H_
