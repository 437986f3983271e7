#include "cli/recent_episodes.h"

#include <cstddef>

#include "absl/strings/str_format.h"

namespace cli {
namespace {

constexpr size_t kRecentEpisodes = 100;
// An encode that is over by less has kept to its target, for people.
constexpr double kOvershootShown = 0.01;

}  // namespace

void RecentEpisodes::Add(const selfplay::EpisodeEvent& event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++count_;
  entries_.push_back(
      {.has_won = event.receipt.reward > 0,
       .has_overshot = event.episode.outcome.overshoot > kOvershootShown});
  if (entries_.size() > kRecentEpisodes) entries_.pop_front();
}

std::string RecentEpisodes::Text() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.empty()) return "";
  double won = 0;
  double overshot = 0;
  for (const Entry& entry : entries_) {
    won += entry.has_won ? 1 : 0;
    overshot += entry.has_overshot ? 1 : 0;
  }
  const double share = 100 / static_cast<double>(entries_.size());
  return absl::StrFormat("  won %.0f %%  over by 1 %%: %.0f %%", won * share,
                         overshot * share);
}

int64_t RecentEpisodes::count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return count_;
}

}  // namespace cli
