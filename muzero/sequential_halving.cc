#include "muzero/sequential_halving.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace muzero {

std::vector<int> ConsideredVisits(int num_considered_actions,
                                  int num_simulations) {
  const auto size = static_cast<size_t>(num_simulations);
  std::vector<int> sequence;
  sequence.reserve(size);
  // The phases' number, ceil(log2(m)); a single action needs but one.
  const int num_phases = std::max(
      1, static_cast<int>(std::bit_width(
             static_cast<unsigned>(std::max(1, num_considered_actions) - 1))));
  // The last phase, between two actions, goes on until simulations run out.
  const int least_considered = std::min(2, std::max(1, num_considered_actions));

  int considered = std::max(1, num_considered_actions);
  int visits = 0;  // Of each action that is still considered.
  while (sequence.size() < size) {
    const int rounds = std::max(1, num_simulations / num_phases / considered);
    for (int round = 0; round < rounds; ++round) {
      for (int i = 0; i < considered && sequence.size() < size; ++i) {
        sequence.push_back(visits);
      }
      ++visits;
    }
    considered = std::max(least_considered, considered / 2);
  }
  return sequence;
}

}  // namespace muzero
