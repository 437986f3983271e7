#include "encoder_bridge/audio_timeline.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace encoder_bridge {

AudioTimeline::Placement AudioTimeline::Place(std::optional<int64_t> position,
                                              int64_t count) {
  int64_t from = position.value_or(next_.value_or(0));
  if (next_.has_value() && start_.has_value() &&
      std::max(from, *next_) - std::min(from, *next_) <= tolerance_) {
    from = *next_;
  }
  Placement placement;
  // Before 0 nothing is heard, and after it nothing twice.
  const int64_t earliest =
      start_.has_value() ? *next_ : std::max<int64_t>(from, 0);
  placement.skip = std::clamp<int64_t>(earliest - from, 0, count);
  placement.take = count - placement.skip;
  from += placement.skip;
  if (end_.has_value()) {
    placement.take = std::clamp<int64_t>(*end_ - from, 0, placement.take);
    from = std::min(from, *end_);
  }
  if (!start_.has_value()) {
    next_ = from + placement.take;
    if (placement.take > 0) start_ = from;
    return placement;
  }
  placement.silence = std::max<int64_t>(0, from - *next_);
  next_ = std::max(*next_, from + placement.take);
  return placement;
}

}  // namespace encoder_bridge
