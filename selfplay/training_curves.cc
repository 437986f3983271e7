#include "selfplay/training_curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "selfplay/episode_log.h"
#include "selfplay/played_episode.h"

namespace selfplay {
namespace {

// Between two episodes: longer is a pause, as is so many times what is usual.
constexpr double kPauseSeconds = 60;
constexpr double kPauseRatio = 20;
// Variance of ln(rate), summed: less says nothing of a slope.  Two encodes that
// differ by a fifth have as much.
constexpr double kLeastSpread = 0.02;

std::optional<double> Share(int64_t count, int64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(count) / static_cast<double>(all);
}

std::optional<double> EncodesPerHour(absl::Span<const LoggedEpisode> episodes) {
  std::vector<double> gaps;
  for (size_t i = 1; i < episodes.size(); ++i) {
    gaps.push_back(
        std::max(0.0, episodes[i].stored_at - episodes[i - 1].stored_at));
  }
  if (gaps.empty()) return std::nullopt;
  const auto middle = gaps.begin() + std::ssize(gaps) / 2;
  std::nth_element(gaps.begin(), middle, gaps.end());
  const double pause = std::max(kPauseSeconds, kPauseRatio * *middle);
  double seconds = 0;
  int64_t encodes = 0;
  for (const double gap : gaps) {
    if (gap > pause) continue;
    seconds += gap;
    ++encodes;
  }
  if (seconds <= 0) return std::nullopt;
  return 3600 * static_cast<double>(encodes) / seconds;
}

// A point of rate and quality, relative to the mean of its group.
struct Spread {
  double square = 0;   // Of ln(rate).
  double product = 0;  // Of ln(rate) and PSNR.

  void operator+=(const Spread& other) {
    square += other.square;
    product += other.product;
  }
  std::optional<double> Slope() const {
    if (square < kLeastSpread) return std::nullopt;
    return product / square;
  }
};

std::optional<double> LogRate(const LoggedEpisode& episode) {
  const double rate = episode.bits_fraction * episode.pair.target_bitrate_kbps;
  if (!(rate > 0) || !std::isfinite(rate)) return std::nullopt;
  return std::log(rate);
}

using Episodes = std::vector<const LoggedEpisode*>;  // All with a rate.

Spread SpreadOf(const Episodes& episodes) {
  const double count = static_cast<double>(episodes.size());
  double mean_rate = 0;
  double mean_quality = 0;
  for (const LoggedEpisode* episode : episodes) {
    mean_rate += *LogRate(*episode) / count;
    mean_quality += episode->outcome.quality / count;
  }
  Spread spread;
  for (const LoggedEpisode* episode : episodes) {
    const double rate = *LogRate(*episode) - mean_rate;
    spread += {.square = rate * rate,
               .product = rate * (episode->outcome.quality - mean_quality)};
  }
  return spread;
}

// By clip, the slope of PSNR over ln(rate).
std::map<std::string, std::optional<double>> Slopes(
    const std::map<Pair, Episodes>& first) {
  std::map<std::string, Episodes> clips;
  for (const auto& [pair, episodes] : first) {
    Episodes& clip = clips[pair.clip];
    clip.insert(clip.end(), episodes.begin(), episodes.end());
  }
  Spread all;
  for (const auto& [clip, episodes] : clips) all += SpreadOf(episodes);
  std::map<std::string, std::optional<double>> slopes;
  for (const auto& [clip, episodes] : clips) {
    const std::optional<double> own = SpreadOf(episodes).Slope();
    slopes[clip] = own ? own : all.Slope();
  }
  return slopes;
}

std::map<Pair, Episodes> FirstEpisodes(absl::Span<const LoggedEpisode> log) {
  std::map<Pair, Episodes> first;
  for (const LoggedEpisode& episode : log) {
    Episodes& episodes = first[episode.pair];
    if (LogRate(episode) && std::ssize(episodes) < kFirstEpisodes) {
      episodes.push_back(&episode);
    }
  }
  return first;
}

// PSNR at a rate of 1 kbit/s, as if the slope held that far.
double AtUnitRate(const LoggedEpisode& episode, double slope) {
  return episode.outcome.quality - slope * *LogRate(episode);
}

}  // namespace

EpisodeSummary Summarize(absl::Span<const LoggedEpisode> episodes,
                         absl::Span<const std::optional<double>> gains) {
  EpisodeSummary summary;
  if (episodes.empty()) return summary;
  summary.last_sequence = episodes.back().sequence;
  summary.last_stored_at = episodes.back().stored_at;
  summary.episodes = std::ssize(episodes);
  int64_t compared = 0;
  int64_t won = 0;
  int64_t on_target = 0;
  double overshoot = 0;
  for (const LoggedEpisode& episode : episodes) {
    compared += episode.has_history ? 1 : 0;
    won += episode.has_history && episode.reward > 0 ? 1 : 0;
    on_target += episode.outcome.overshoot <= kOnTarget ? 1 : 0;
    overshoot += episode.outcome.overshoot;
  }
  summary.win_rate = Share(won, compared);
  summary.share_on_target = Share(on_target, summary.episodes);
  summary.mean_overshoot = overshoot / static_cast<double>(summary.episodes);
  summary.encodes_per_hour = EncodesPerHour(episodes);
  double gain = 0;
  int64_t gained = 0;
  for (const std::optional<double>& one : gains) {
    if (!one) continue;
    gain += *one;
    ++gained;
  }
  if (gained > 0) {
    summary.mean_psnr_gain_db = gain / static_cast<double>(gained);
  }
  return summary;
}

std::vector<std::optional<double>> PsnrGains(
    absl::Span<const LoggedEpisode> log) {
  const std::map<Pair, Episodes> first = FirstEpisodes(log);
  const auto slopes = Slopes(first);
  std::map<Pair, double> base;
  for (const auto& [pair, episodes] : first) {
    const std::optional<double>& slope = slopes.at(pair.clip);
    if (!slope) continue;
    for (const LoggedEpisode* episode : episodes) {
      base[pair] +=
          AtUnitRate(*episode, *slope) / static_cast<double>(episodes.size());
    }
  }
  std::vector<std::optional<double>> gains;
  for (const LoggedEpisode& episode : log) {
    std::optional<double>& gain = gains.emplace_back();
    const auto found = base.find(episode.pair);
    if (found == base.end() || !LogRate(episode)) continue;
    gain = AtUnitRate(episode, *slopes.at(episode.pair.clip)) - found->second;
  }
  return gains;
}

std::vector<EpisodeSummary> TrainingCurve(absl::Span<const LoggedEpisode> log,
                                          int max_points, int min_group) {
  const std::vector<std::optional<double>> gains = PsnrGains(log);
  const size_t points = static_cast<size_t>(max_points);
  const size_t group = std::max(static_cast<size_t>(min_group),
                                (log.size() + points - 1) / points);
  std::vector<EpisodeSummary> curve;
  for (size_t begin = 0; begin < log.size();) {
    const size_t left = log.size() - begin;
    const size_t size = left < group + (group + 1) / 2 ? left : group;
    curve.push_back(Summarize(log.subspan(begin, size),
                              absl::MakeConstSpan(gains).subspan(begin, size)));
    begin += size;
  }
  return curve;
}

}  // namespace selfplay
