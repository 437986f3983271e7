#include "selfplay/replay_buffer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace selfplay {
namespace {

int NumSteps(const ReplayEpisode& episode) {
  return static_cast<int>(episode.episode.steps.size());
}

absl::Status CheckIn(absl::string_view field, double value, double low,
                     double high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, " is ", value, ", wanted one in [", low, ", ", high, "]"));
}

}  // namespace

absl::Status ReplayConfig::Validate() const {
  // The sum tree's nodes, twice as many, are to be counted by an int.
  absl::Status status = CheckIn("capacity_steps", capacity_steps, 1, 1 << 29);
  status.Update(CheckIn("priority_exponent", priority_exponent, 0, 1));
  status.Update(CheckIn("importance_exponent", importance_exponent, 0, 1));
  status.Update(CheckIn("priority_floor", priority_floor, 1e-9, 1));
  return status;
}

ReplayBuffer::ReplayBuffer(const ReplayConfig& config)
    : config_(config),
      owners_(static_cast<size_t>(config.capacity_steps)),
      weights_(config.capacity_steps) {}

absl::StatusOr<int64_t> ReplayBuffer::Insert(ReplayEpisode episode) {
  const int num_steps = NumSteps(episode);
  if (num_steps == 0 || num_steps > config_.capacity_steps) {
    return absl::InvalidArgumentError(absl::StrCat("an episode of ", num_steps,
                                                   " steps: wanted 1 to ",
                                                   config_.capacity_steps));
  }
  while (num_steps_ + num_steps > config_.capacity_steps) DropOldest();
  const int64_t id = oldest_id_ + num_episodes();
  entries_.push_back({.episode = std::move(episode), .first_slot = next_slot_});
  for (int step = 0; step < num_steps; ++step) {
    const int slot = SlotOf(entries_.back(), step);
    owners_[static_cast<size_t>(slot)] = {.episode_id = id, .step = step};
    weights_.Set(slot, WeightOf(highest_priority_));
  }
  next_slot_ = (next_slot_ + num_steps) % config_.capacity_steps;
  num_steps_ += num_steps;
  return id;
}

std::vector<DrawnStep> ReplayBuffer::Draw(int count,
                                          std::mt19937_64& random) const {
  assert(num_steps_ > 0 && count >= 0);
  std::uniform_real_distribution<double> mass(0, weights_.total());
  std::vector<DrawnStep> drawn;
  drawn.reserve(static_cast<size_t>(count));
  double largest = 0;
  for (int i = 0; i < count; ++i) {
    // The distribution may round up to its end.
    const int slot = weights_.Find(
        std::min(mass(random), std::nextafter(weights_.total(), 0.0)));
    const SlotOwner& owner = owners_[static_cast<size_t>(slot)];
    const double probability = weights_.weight(slot) / weights_.total();
    const double importance =
        std::pow(num_steps_ * probability, -config_.importance_exponent);
    largest = std::max(largest, importance);
    drawn.push_back({
        .key = {.episode_id = owner.episode_id, .step = owner.step},
        .episode = &entry(owner.episode_id).episode,
        .importance_weight = importance,
    });
  }
  for (DrawnStep& step : drawn) step.importance_weight /= largest;
  return drawn;
}

void ReplayBuffer::UpdatePriority(const StepKey& key, double priority) {
  assert(std::isfinite(priority) && priority >= 0);
  assert(key.episode_id < oldest_id_ + num_episodes());
  if (key.episode_id < oldest_id_) return;
  highest_priority_ = std::max(highest_priority_, priority);
  weights_.Set(SlotOf(entry(key.episode_id), key.step), WeightOf(priority));
}

const ReplayEpisode& ReplayBuffer::episode(int index) const {
  assert(index >= 0 && index < num_episodes());
  return entries_[static_cast<size_t>(index)].episode;
}

muzero::Episode& ReplayBuffer::mutable_episode(int index) {
  assert(index >= 0 && index < num_episodes());
  return entries_[static_cast<size_t>(index)].episode.episode;
}

ReplayState ReplayBuffer::state() const {
  ReplayState state = {
      .oldest_id = oldest_id_,
      .first_slot = entries_.empty() ? next_slot_ : entries_.front().first_slot,
      .highest_priority = highest_priority_};
  state.weights.reserve(static_cast<size_t>(num_steps_));
  for (const Entry& entry : entries_) {
    for (int step = 0; step < NumSteps(entry.episode); ++step) {
      state.weights.push_back(weights_.weight(SlotOf(entry, step)));
    }
  }
  return state;
}

absl::Status ReplayBuffer::Restore(const ReplayState& state,
                                   std::vector<ReplayEpisode> episodes) {
  size_t num_steps = 0;
  for (const ReplayEpisode& episode : episodes) {
    num_steps += episode.episode.steps.size();
  }
  if (!entries_.empty() || num_steps != state.weights.size() ||
      state.first_slot < 0 || state.first_slot >= config_.capacity_steps) {
    return absl::FailedPreconditionError(absl::StrCat(
        "replay of ", num_steps_, " steps cannot take up a state ", "of ",
        state.weights.size(), " steps with episodes of ", num_steps));
  }
  oldest_id_ = state.oldest_id;
  next_slot_ = state.first_slot;
  highest_priority_ = state.highest_priority;
  auto weight = state.weights.begin();
  for (ReplayEpisode& episode : episodes) {
    const absl::StatusOr<int64_t> id = Insert(std::move(episode));
    if (!id.ok()) return id.status();
    const Entry& stored = entries_.back();
    for (int step = 0; step < NumSteps(stored.episode); ++step) {
      weights_.Set(SlotOf(stored, step), *weight++);
    }
  }
  return absl::OkStatus();
}

int ReplayBuffer::SlotOf(const Entry& stored, int step) const {
  assert(step >= 0 && step < NumSteps(stored.episode));
  return (stored.first_slot + step) % config_.capacity_steps;
}

const ReplayBuffer::Entry& ReplayBuffer::entry(int64_t episode_id) const {
  return entries_[static_cast<size_t>(episode_id - oldest_id_)];
}

double ReplayBuffer::WeightOf(double priority) const {
  return std::pow(priority + config_.priority_floor, config_.priority_exponent);
}

void ReplayBuffer::DropOldest() {
  const Entry& oldest = entries_.front();
  const int num_steps = NumSteps(oldest.episode);
  for (int step = 0; step < num_steps; ++step) {
    weights_.Set(SlotOf(oldest, step), 0);
  }
  num_steps_ -= num_steps;
  entries_.pop_front();
  ++oldest_id_;
}

}  // namespace selfplay
