#include "encoder_bridge/explored_offsets.h"

#include <array>
#include <cstddef>

namespace encoder_bridge {
namespace {

// What is added to the defaults.
struct Change {
  double key = 0;
  double alt_ref = 0;
  double complexity = 0;
};

constexpr std::array<Change, kMaxAttempts> kChanges = {{
    {},
    {.key = -0.4, .alt_ref = 0.25},
    {.alt_ref = 0.25},
    {.key = 0.4, .alt_ref = 0.25},
    {.key = -0.4},
    {.complexity = 0.3},
    {.key = 0.4},
    {.complexity = -0.25},
}};

}  // namespace

StepOffsetOptions ExploredOffsets(int attempt) {
  const Change& change = kChanges.at(static_cast<size_t>(attempt));
  StepOffsetOptions offsets;
  offsets.key += change.key;
  offsets.alt_ref += change.alt_ref;
  offsets.complexity += change.complexity;
  return offsets;
}

}  // namespace encoder_bridge
