#ifndef SELFPLAY_TRAINING_CURVES_H_
#define SELFPLAY_TRAINING_CURVES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "selfplay/episode_log.h"

namespace selfplay {

// An encode is within its target that is no larger than it by more than this.
inline constexpr double kOnTarget = 0.01;

// How many of a pair's first episodes later ones are compared with.
inline constexpr int kFirstEpisodes = 5;

// What some episodes came to, together.  Nothing: there was none of the kind
// that counts.
struct EpisodeSummary {
  int64_t last_sequence = 0;
  double last_stored_at = 0;  // Seconds since 1970.
  int64_t episodes = 0;
  // Share of rewards above 0, among episodes that had a history.
  std::optional<double> win_rate;
  std::optional<double> share_on_target;  // Overshoot <= kOnTarget.
  std::optional<double> mean_overshoot;
  // Encodes stored in an hour of running: longer pauses do not count.
  std::optional<double> encodes_per_hour;
  std::optional<double> mean_psnr_gain_db;  // Of PsnrGains().
};

// REQUIRES: `gains` is empty or has one for each episode.
EpisodeSummary Summarize(absl::Span<const LoggedEpisode> episodes,
                         absl::Span<const std::optional<double>> gains);

// For each episode, by how many dB its PSNR is better than its pair's first
// kFirstEpisodes were on average, at equal rate:
//
//   (P - b ln R) - mean over the first ones of (P - b ln R)
//
// with P the PSNR, R the bitrate that it really took, and b the slope of PSNR
// over ln(rate), fitted to the first episodes of all targets of the clip; where
// they say nothing of it, to those of all clips, each with its own offset.
// Nothing where neither does, or there is no rate.
// REQUIRES: `log` is in order of sequence.
std::vector<std::optional<double>> PsnrGains(
    absl::Span<const LoggedEpisode> log);

// The log as a curve: groups of neighbours, as many in each, but for the last
// one: up to half as many more, or fewer, so that none says much less than the
// others.  No more than `max_points` groups, of `min_group` episodes at least
// if there are so many.
// REQUIRES: max_points, min_group >= 1.
std::vector<EpisodeSummary> TrainingCurve(absl::Span<const LoggedEpisode> log,
                                          int max_points, int min_group);

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_CURVES_H_
