#include "tests/selfplay/fake_experience_store.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/sha256.h"
#include "selfplay/experience_store.h"
#include "selfplay/self_competition.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;

// The entry of `map` under `name`, or null.
template <typename Map>
const typename Map::mapped_type* Find(const Map& map, absl::string_view name) {
  const auto found = map.find(std::string(name));
  return found == map.end() ? nullptr : &found->second;
}

absl::Status Refuse(absl::string_view reason) {
  return absl::InvalidArgumentError(reason);
}

}  // namespace

void FakeExperienceStore::SetTime(double seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  time_ = seconds;
}

void FakeExperienceStore::FailCalls(int count, int healthy) {
  const std::lock_guard<std::mutex> lock(mutex_);
  healthy_calls_ = healthy;
  failing_calls_ = count;
}

int64_t FakeExperienceStore::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

absl::Status FakeExperienceStore::Begin() {
  ++calls_;
  if (failing_calls_ == 0) return absl::OkStatus();
  if (healthy_calls_ > 0) {
    --healthy_calls_;
    return absl::OkStatus();
  }
  --failing_calls_;
  return absl::UnavailableError("the fake store was told to fail");
}

absl::StatusOr<int64_t> FakeExperienceStore::TakeTicket() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  if (returned_tickets_.empty()) return tickets_++;
  return returned_tickets_.extract(returned_tickets_.begin()).value();
}

absl::Status FakeExperienceStore::ReturnTicket(int64_t ticket) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  returned_tickets_.insert(ticket);
  return absl::OkStatus();
}

absl::StatusOr<std::string> FakeExperienceStore::PutFirstPass(
    absl::Span<const FirstPassFrameStats> stats) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const std::string sha256 = muzero::Sha256Hex(
      absl::string_view(reinterpret_cast<const char*>(stats.data()),
                        stats.size() * sizeof(FirstPassFrameStats)));
  first_passes_[sha256].assign(stats.begin(), stats.end());
  return sha256;
}

absl::StatusOr<std::vector<FirstPassFrameStats>> FakeExperienceStore::FirstPass(
    absl::string_view sha256) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const auto* const stats = Find(first_passes_, sha256);
  if (stats != nullptr) return *stats;
  return absl::NotFoundError(absl::StrCat("no first pass ", sha256));
}

absl::Status FakeExperienceStore::Check(const PlayedEpisode& episode) const {
  const Outcome& outcome = episode.outcome;
  if (episode.id.empty()) return Refuse("the episode has no id");
  if (episode.pair.clip.empty() || episode.pair.target_bitrate_kbps <= 0) {
    return Refuse("the episode has no pair");
  }
  if (episode.encode.steps.empty()) return Refuse("the episode has no steps");
  if (!std::isfinite(outcome.quality) || !std::isfinite(outcome.overshoot) ||
      outcome.overshoot < 0) {
    return Refuse("the outcome is no number");
  }
  if (Find(first_passes_, episode.first_pass) == nullptr) {
    return Refuse(absl::StrCat("no first pass ", episode.first_pass));
  }
  return absl::OkStatus();
}

absl::StatusOr<EpisodeReceipt> FakeExperienceStore::AddEpisode(
    const PlayedEpisode& episode, const SelfCompetitionConfig& config) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  if (const EpisodeReceipt* old = Find(receipts_, episode.id)) {
    EpisodeReceipt receipt = *old;
    receipt.is_duplicate = true;
    return receipt;
  }
  if (absl::Status checked = Check(episode); !checked.ok()) {
    ++refused_;
    return checked;
  }
  History& history = histories_[episode.pair];
  const EpisodeReceipt receipt = {
      .sequence = static_cast<int64_t>(receipts_.size()) + 1,
      .before = history,
      .reward = Reward(history, episode.outcome, config)};
  history = Updated(history, episode.outcome, config);
  receipts_[episode.id] = receipt;
  steps_ += std::ssize(episode.encode.steps);
  episodes_[receipt.sequence] = {.sequence = receipt.sequence,
                                 .reward = receipt.reward,
                                 .stored_at = time_,
                                 .episode = episode};
  return receipt;
}

absl::StatusOr<std::vector<StoredEpisode>> FakeExperienceStore::EpisodesAfter(
    int64_t sequence, int limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  std::vector<StoredEpisode> episodes;
  for (auto next = episodes_.upper_bound(sequence);
       next != episodes_.end() && std::ssize(episodes) < limit; ++next) {
    episodes.push_back(next->second);
  }
  return episodes;
}

absl::StatusOr<std::map<Pair, History>> FakeExperienceStore::Histories() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return histories_;
}

absl::Status FakeExperienceStore::PublishWeights(int64_t version,
                                                 absl::string_view bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  if (version < 1) return Refuse("weights have versions 1, 2, 3, ...");
  const auto [place, is_new] = weights_.emplace(version, bytes);
  if (is_new || place->second == bytes) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("weights ", version, " are others"));
}

int64_t FakeExperienceStore::NewestWeights() const {
  return weights_.empty() ? 0 : weights_.rbegin()->first;
}

absl::StatusOr<int64_t> FakeExperienceStore::NewestWeightsVersion() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return NewestWeights();
}

absl::StatusOr<std::string> FakeExperienceStore::Weights(int64_t version) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const auto found = weights_.find(version);
  if (found != weights_.end()) return found->second;
  return absl::NotFoundError(absl::StrCat("no weights ", version));
}

absl::Status FakeExperienceStore::PutSetting(absl::string_view name,
                                             absl::string_view value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  settings_[std::string(name)] = std::string(value);
  return absl::OkStatus();
}

absl::StatusOr<std::string> FakeExperienceStore::PutSettingOnce(
    absl::string_view name, absl::string_view value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return settings_.emplace(name, value).first->second;
}

absl::StatusOr<std::optional<std::string>> FakeExperienceStore::Setting(
    absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const std::string* const value = Find(settings_, name);
  if (value == nullptr) return std::nullopt;
  return std::optional<std::string>(*value);
}

absl::Status FakeExperienceStore::AddMetrics(const MetricsLine& line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  metrics_.push_back(line);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<MetricsLine>> FakeExperienceStore::Metrics(
    absl::string_view role, int limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  std::vector<MetricsLine> lines;
  for (const MetricsLine& line : metrics_) {
    if (line.role == role) lines.push_back(line);
  }
  const auto excess = std::max<std::ptrdiff_t>(0, std::ssize(lines) - limit);
  lines.erase(lines.begin(), lines.begin() + excess);
  return lines;
}

absl::StatusOr<StoreCounts> FakeExperienceStore::Counts() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return StoreCounts{
      .episodes = static_cast<int64_t>(receipts_.size()),
      .kept_episodes = static_cast<int64_t>(episodes_.size()),
      .steps = steps_,
      .tickets = tickets_,
      .weights_version = NewestWeights(),
      .refused = refused_,
  };
}

absl::Status FakeExperienceStore::Prune(int64_t keep_episodes,
                                        int64_t keep_weights) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  while (std::ssize(episodes_) > keep_episodes) {
    episodes_.erase(episodes_.begin());
  }
  while (std::ssize(weights_) > keep_weights) weights_.erase(weights_.begin());
  return absl::OkStatus();
}

}  // namespace selfplay
