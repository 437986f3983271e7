#include "tests/toy/allocation_game.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>

namespace toy {
namespace {

double FrameQuality(double weight, int units) {
  return weight * std::sqrt(units);
}

float Feature(double value) { return static_cast<float>(value); }

}  // namespace

AllocationGame::AllocationGame(const AllocationInstance& instance)
    : instance_(instance) {}

bool AllocationGame::is_finished() const {
  return spends_.size() == instance_.weights.size();
}

void AllocationGame::Spend(int units) {
  assert(!is_finished());
  assert(units >= 0 && units <= kMaxSpend);
  spends_.push_back(units);
}

muzero::Observation AllocationGame::Observe() const {
  assert(!is_finished());
  const size_t num_frames = instance_.weights.size();
  const size_t focus = spends_.size();
  const double n = static_cast<double>(num_frames);
  const double sum_of_weights =
      std::accumulate(instance_.weights.begin(), instance_.weights.end(), 0.0);
  muzero::Observation observation;
  observation.num_tokens = static_cast<int>(num_frames);
  observation.focus = static_cast<int>(focus);
  for (size_t i = 0; i < num_frames; ++i) {
    const bool is_coded = i < focus;
    const double place = static_cast<double>(i) - static_cast<double>(focus);
    const double spend = is_coded ? spends_[i] : 0;
    for (const double feature :
         {std::log(instance_.weights[i]),
          n * instance_.weights[i] / sum_of_weights - 1, spend / kMaxSpend,
          is_coded ? 1.0 : 0.0, i == focus ? 1.0 : 0.0, place / n}) {
      observation.tokens.push_back(Feature(feature));
    }
  }
  const double units_left = instance_.budget - units_spent();
  const double frames_left = n - static_cast<double>(focus);
  observation.context = {Feature(fraction_left()),
                         Feature(units_left / kMaxSpend),
                         Feature(units_left / (frames_left * kMaxSpend)),
                         Feature(frames_left / n)};
  return observation;
}

int AllocationGame::units_spent() const {
  return std::accumulate(spends_.begin(), spends_.end(), 0);
}

double AllocationGame::fraction_left() const {
  return 1 - units_spent() / static_cast<double>(instance_.budget);
}

double AllocationGame::quality() const {
  double quality = 0;
  for (size_t i = 0; i < spends_.size(); ++i) {
    quality += FrameQuality(instance_.weights[i], spends_[i]);
  }
  return quality;
}

double AllocationGame::overshoot() const {
  return std::max(0.0, -fraction_left());
}

std::vector<AllocationInstance> MakeInstances(int count, uint64_t seed) {
  constexpr int kNumFrames = 5;
  constexpr int kMostUnits = kNumFrames * kMaxSpend;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> log_weight(std::log(0.2), std::log(5));
  std::uniform_int_distribution<int> budget(kMostUnits / 4, kMostUnits / 2);
  std::vector<AllocationInstance> instances(static_cast<size_t>(count));
  for (AllocationInstance& instance : instances) {
    for (int i = 0; i < kNumFrames; ++i) {
      instance.weights.push_back(std::exp(log_weight(random)));
    }
    instance.budget = budget(random);
  }
  return instances;
}

double OptimalQuality(const AllocationInstance& instance) {
  // best[u]: of the frames up to now, with at most u units.
  std::vector<double> best(static_cast<size_t>(instance.budget) + 1, 0.0);
  for (const double weight : instance.weights) {
    for (int units = instance.budget; units >= 0; --units) {
      double most = 0;
      for (int spend = 0; spend <= std::min(units, kMaxSpend); ++spend) {
        most = std::max(most, FrameQuality(weight, spend) +
                                  best[static_cast<size_t>(units - spend)]);
      }
      best[static_cast<size_t>(units)] = most;
    }
  }
  return best.back();
}

double EvenQuality(const AllocationInstance& instance) {
  const int num_frames = static_cast<int>(instance.weights.size());
  AllocationGame game(instance);
  for (int frame = 0; !game.is_finished(); ++frame) {
    const int until_here = instance.budget * (frame + 1) / num_frames;
    game.Spend(std::min(until_here - game.units_spent(), kMaxSpend));
  }
  return game.quality();
}

}  // namespace toy
