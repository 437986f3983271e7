#include "selfplay/episode_plan.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "muzero/random_draws.h"
#include "muzero/search_config.h"
#include "selfplay/training_config.h"

namespace selfplay {
namespace {

// What the seeds of rounds and of episodes are drawn for; so that the two have
// nothing to do with each other.
enum class Purpose : uint32_t { kRound = 1, kEpisode = 2 };

// A generator of its own for everything that has a number.
std::mt19937_64 GeneratorFor(Purpose purpose, uint64_t seed, int64_t number) {
  const auto n = static_cast<uint64_t>(number);
  std::seed_seq sequence = {
      static_cast<uint32_t>(purpose), static_cast<uint32_t>(seed),
      static_cast<uint32_t>(seed >> 32), static_cast<uint32_t>(n),
      static_cast<uint32_t>(n >> 32)};
  return std::mt19937_64(sequence);
}

// The numbers from 0 to `size` - 1 in an order drawn from `random`
// [Fisher and Yates].
std::vector<int> Shuffled(int size, std::mt19937_64& random) {
  std::vector<int> numbers(static_cast<size_t>(size));
  std::iota(numbers.begin(), numbers.end(), 0);
  for (size_t left = numbers.size(); left > 1; --left) {
    const auto drawn = static_cast<size_t>(muzero::DrawUniform(random) *
                                           static_cast<double>(left));
    std::swap(numbers[left - 1], numbers[std::min(drawn, left - 1)]);
  }
  return numbers;
}

}  // namespace

EpisodePlan PlanEpisode(int64_t ticket, const EpisodeChoices& choices,
                        const SelfPlayConfig& config) {
  assert(ticket >= 0 && choices.num_clips > 0 && choices.num_targets > 0);
  const int num_pairs = choices.num_clips * choices.num_targets;
  std::mt19937_64 round =
      GeneratorFor(Purpose::kRound, choices.seed, ticket / num_pairs);
  const int pair =
      Shuffled(num_pairs, round)[static_cast<size_t>(ticket % num_pairs)];
  std::mt19937_64 episode =
      GeneratorFor(Purpose::kEpisode, choices.seed, ticket);
  EpisodePlan plan = {.clip = pair / choices.num_targets,
                      .target = pair % choices.num_targets,
                      .search_seed = episode(),
                      .exploration = ExplorationAt(ticket, config)};
  plan.is_guarded = muzero::DrawUniform(episode) < config.guarded_fraction;
  return plan;
}

double ExplorationAt(int64_t ticket, const SelfPlayConfig& config) {
  if (ticket >= config.exploration_episodes) return config.final_exploration;
  const double done = static_cast<double>(ticket) /
                      static_cast<double>(config.exploration_episodes);
  return 1 + done * (config.final_exploration - 1);
}

muzero::SearchConfig WithExploration(const muzero::SearchConfig& search,
                                     double exploration) {
  muzero::SearchConfig result = search;
  result.gumbel_scale *= exploration;
  result.root_exploration_fraction *= exploration;
  result.visit_softmax_temperature *= exploration;
  return result;
}

}  // namespace selfplay
