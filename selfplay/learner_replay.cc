#include "selfplay/learner_replay.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "muzero/search.h"
#include "muzero/search_tree.h"
#include "selfplay/encode_episode.h"
#include "selfplay/features.h"

namespace selfplay {
namespace {

// Episodes read from the store at once.
constexpr int kReadEpisodes = 64;

// Running mean and sum of squared deviations of each feature (Welford).
class FeatureMoments {
 public:
  explicit FeatureMoments(size_t size) : mean_(size), squares_(size) {}

  // `rows` are feature vectors end to end.
  void Add(absl::Span<const float> rows) {
    for (size_t start = 0; start < rows.size(); start += mean_.size()) {
      ++count_;
      for (size_t i = 0; i < mean_.size(); ++i) {
        const double difference = double{rows[start + i]} - mean_[i];
        mean_[i] += difference / static_cast<double>(count_);
        squares_[i] += difference * (double{rows[start + i]} - mean_[i]);
      }
    }
  }

  std::vector<float> mean() const { return {mean_.begin(), mean_.end()}; }

  std::vector<float> deviation() const {
    std::vector<float> deviation;
    for (const double squares : squares_) {
      const double value = std::sqrt(squares / static_cast<double>(count_));
      // What hardly ever changes is not to be blown up when it does.
      deviation.push_back(static_cast<float>(value < 1e-3 ? 1 : value));
    }
    return deviation;
  }

 private:
  int64_t count_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;
};

bool IsExample(const StoredEpisode& stored) {
  const std::vector<EncodeStep>& steps = stored.episode.encode.steps;
  return std::any_of(steps.begin(), steps.end(),
                     [](const EncodeStep& step) { return step.is_example; });
}

// `state` without its first `num_episodes` episodes, which leaves `num_steps`.
ReplayState Tail(ReplayState state, size_t num_episodes, size_t num_steps,
                 int capacity) {
  if (num_episodes == 0) return state;
  const size_t num_dropped =
      state.weights.size() - std::min(state.weights.size(), num_steps);
  state.oldest_id += static_cast<int64_t>(num_episodes);
  state.first_slot =
      static_cast<int>((static_cast<size_t>(state.first_slot) + num_dropped) %
                       static_cast<size_t>(capacity));
  state.weights.erase(
      state.weights.begin(),
      state.weights.begin() + static_cast<std::ptrdiff_t>(num_dropped));
  return state;
}

}  // namespace

LearnerReplay::LearnerReplay(const TrainingConfig& config,
                             ExperienceStore& store)
    : config_(config), store_(store), replay_(config.replay) {}

absl::StatusOr<int> LearnerReplay::TakeNew() {
  int taken = 0;
  for (;;) {
    const absl::StatusOr<std::vector<StoredEpisode>> episodes =
        store_.EpisodesAfter(last_sequence_, kReadEpisodes);
    if (!episodes.ok()) return episodes.status();
    if (episodes->empty()) break;
    for (const StoredEpisode& episode : *episodes) {
      const absl::Status status = Insert(episode);
      if (!status.ok()) return status;
      ++taken;
    }
  }
  const absl::Status status = GiveRewards();
  if (!status.ok()) return status;
  return taken;
}

absl::Status LearnerReplay::Insert(const StoredEpisode& stored) {
  last_sequence_ = stored.sequence;
  absl::StatusOr<ReplayEpisode> episode = Load(stored);
  if (absl::IsFailedPrecondition(episode.status())) return absl::OkStatus();
  if (!episode.ok()) return episode.status();
  const auto num_steps = static_cast<int64_t>(episode->episode.steps.size());
  const absl::StatusOr<int64_t> id = replay_.Insert(*std::move(episode));
  if (!id.ok()) return id.status();
  held_.push_back({.sequence = stored.sequence,
                   .pair = stored.episode.pair,
                   .outcome = stored.episode.outcome,
                   .stored_at = stored.stored_at,
                   .is_example = IsExample(stored)});
  while (held_.size() > static_cast<size_t>(replay_.num_episodes())) {
    held_.pop_front();
  }
  ++episodes_taken_;
  steps_taken_ += num_steps;
  return absl::OkStatus();
}

absl::StatusOr<ReplayEpisode> LearnerReplay::Load(const StoredEpisode& stored) {
  const std::string& sha256 = stored.episode.first_pass;
  auto stats = first_passes_.find(sha256);
  if (stats == first_passes_.end()) {
    auto loaded = store_.FirstPass(sha256);
    if (!loaded.ok()) return loaded.status();
    stats = first_passes_.emplace(sha256, *std::move(loaded)).first;
  }
  absl::StatusOr<std::vector<muzero::Observation>> observations =
      RebuildObservations(stored.episode.encode, stats->second);
  if (!observations.ok()) return observations.status();
  muzero::Episode episode = MakeEpisode(stored.episode.encode, *observations,
                                        static_cast<float>(stored.reward));
  return ReplayEpisode{
      .episode = std::move(episode),
      .observe = [observations = *std::move(observations)](int step) {
        return observations[static_cast<size_t>(step)];
      }};
}

absl::Status LearnerReplay::GiveRewards() {
  const absl::StatusOr<std::map<Pair, History>> histories = store_.Histories();
  if (!histories.ok()) return histories.status();
  for (int i = 0; i < replay_.num_episodes(); ++i) {
    const Held& held = held_[static_cast<size_t>(i)];
    const auto history = histories->find(held.pair);
    if (history == histories->end()) continue;
    replay_.mutable_episode(i).steps.back().reward = static_cast<float>(
        Reward(history->second, held.outcome, config_.self_competition));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<int64_t, StoredEpisode>> LearnerReplay::Read(
    int64_t first, int64_t last) {
  std::map<int64_t, StoredEpisode> read;
  for (int64_t after = first - 1; after < last;) {
    auto episodes = store_.EpisodesAfter(after, kReadEpisodes);
    if (!episodes.ok()) return episodes.status();
    if (episodes->empty()) break;
    after = episodes->back().sequence;
    for (StoredEpisode& episode : *episodes) {
      read.emplace(episode.sequence, std::move(episode));
    }
  }
  return read;
}

absl::Status LearnerReplay::Restore(const LearnerReplayState& state) {
  absl::StatusOr<std::map<int64_t, StoredEpisode>> stored =
      Read(state.sequences.empty() ? 1 : state.sequences.front(),
           state.sequences.empty() ? 0 : state.sequences.back());
  if (!stored.ok()) return stored.status();
  std::vector<ReplayEpisode> episodes;
  std::map<int64_t, int> places;  // By sequence.
  size_t num_steps = 0;
  for (const int64_t sequence : state.sequences) {
    const auto entry = stored->find(sequence);
    if (entry == stored->end()) {
      if (episodes.empty()) continue;  // Pruned.
      return absl::DataLossError(
          absl::StrCat("the store lacks episode ", sequence,
                       ", which the checkpoint was learning from"));
    }
    absl::StatusOr<ReplayEpisode> episode = Load(entry->second);
    if (!episode.ok()) return episode.status();
    num_steps += episode->episode.steps.size();
    places[sequence] = static_cast<int>(episodes.size());
    episodes.push_back(*std::move(episode));
    held_.push_back({.sequence = sequence,
                     .pair = entry->second.episode.pair,
                     .outcome = entry->second.episode.outcome,
                     .stored_at = entry->second.stored_at,
                     .is_example = IsExample(entry->second)});
  }
  const size_t num_pruned = state.sequences.size() - episodes.size();
  const absl::Status status = replay_.Restore(
      Tail(state.replay, num_pruned, num_steps, config_.replay.capacity_steps),
      std::move(episodes));
  if (!status.ok()) return status;
  for (const ReanalysedStep& step : state.reanalysed) {
    const auto place = places.find(step.sequence);
    if (place != places.end()) Replace(place->second, step);
  }
  last_sequence_ = state.last_sequence;
  episodes_taken_ = state.episodes_taken;
  steps_taken_ = state.steps_taken;
  return GiveRewards();
}

LearnerReplayState LearnerReplay::state() const {
  LearnerReplayState state = {.last_sequence = last_sequence_,
                              .episodes_taken = episodes_taken_,
                              .steps_taken = steps_taken_,
                              .replay = replay_.state()};
  for (const Held& held : held_) {
    state.sequences.push_back(held.sequence);
    for (const auto& [number, step] : held.reanalysed) {
      state.reanalysed.push_back(step);
    }
  }
  return state;
}

void LearnerReplay::UpdatePriorities(const std::vector<StepKey>& keys,
                                     const std::vector<float>& value_errors) {
  for (size_t i = 0; i < keys.size(); ++i) {
    replay_.UpdatePriority(keys[i], double{value_errors[i]});
  }
}

absl::StatusOr<bool> LearnerReplay::Reanalyse(
    const StepKey& key, const muzero::SearchConfig& search,
    muzero::Model& model, std::mt19937_64& random) {
  const int index = replay_.index_of(key.episode_id);
  const bool has_policy = !replay_.episode(index)
                               .episode.steps[static_cast<size_t>(key.step)]
                               .search_policy.empty();
  if (!has_policy || held_[static_cast<size_t>(index)].is_example) {
    return false;
  }
  muzero::SearchTree tree;
  const absl::StatusOr<muzero::SearchResult> result = muzero::Search(
      search, replay_.episode(index).observe(key.step), model, random, tree);
  if (!result.ok()) return result.status();
  Replace(index, {.sequence = held_[static_cast<size_t>(index)].sequence,
                  .step = key.step,
                  .root_value = static_cast<float>(result->root_value),
                  .search_policy = {result->search_policy.begin(),
                                    result->search_policy.end()}});
  return true;
}

void LearnerReplay::Replace(int index, ReanalysedStep step) {
  muzero::EpisodeStep& target =
      replay_.mutable_episode(index).steps[static_cast<size_t>(step.step)];
  target.root_value = step.root_value;
  target.search_policy = step.search_policy;
  const int number = step.step;
  held_[static_cast<size_t>(index)].reanalysed[number] = std::move(step);
}

double LearnerReplay::MeanAge(double now) const {
  double sum = 0;
  for (const Held& held : held_) sum += now - held.stored_at;
  return held_.empty() ? 0 : sum / static_cast<double>(held_.size());
}

muzero::FeatureNormalization LearnerReplay::Normalization() const {
  FeatureMoments tokens(kNumTokenFeatures);
  FeatureMoments context(kNumContextFeatures);
  for (int i = 0; i < replay_.num_episodes(); ++i) {
    const ReplayEpisode& episode = replay_.episode(i);
    for (size_t step = 0; step < episode.episode.steps.size(); ++step) {
      const muzero::Observation observation =
          episode.observe(static_cast<int>(step));
      tokens.Add(observation.tokens);
      context.Add(observation.context);
    }
  }
  return {.token_mean = tokens.mean(),
          .token_deviation = tokens.deviation(),
          .context_mean = context.mean(),
          .context_deviation = context.deviation()};
}

}  // namespace selfplay
