#ifndef ENCODER_BRIDGE_AUDIO_TIMELINE_H_
#define ENCODER_BRIDGE_AUDIO_TIMELINE_H_

#include <cstdint>
#include <optional>

namespace encoder_bridge {

// Lays decoded sound out on the output's clock: what comes before 0 or after
// the end is cut, holes become silence, overlaps are dropped.  Sound that
// begins late begins late.
//
// Times are sample numbers at the output's rate.  Not thread-safe.
class AudioTimeline {
 public:
  // What to do with a run of samples.
  struct Placement {
    int64_t silence = 0;  // Samples of silence to put before it.
    int64_t skip = 0;     // Samples to drop from its front.
    int64_t take = 0;     // Samples to keep after those.
  };

  // Nothing is kept from `end` on.
  // REQUIRES: tolerance >= 0.
  AudioTimeline(int64_t tolerance, std::optional<int64_t> end)
      : tolerance_(tolerance), end_(end) {}

  // Places the next `count` samples.  Their timestamp says that they begin at
  // `position`; one that is off by no more than the tolerance is taken for
  // rounded, and the samples continue those before.  So do those without one.
  Placement Place(std::optional<int64_t> position, int64_t count);

  // Where the first sample kept is; nothing before there is one.
  std::optional<int64_t> start() const { return start_; }

  bool is_at_end() const {
    return next_.has_value() && end_.has_value() && *next_ >= *end_;
  }

 private:
  const int64_t tolerance_;
  const std::optional<int64_t> end_;
  std::optional<int64_t> start_;
  std::optional<int64_t> next_;  // Where the samples so far end.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_TIMELINE_H_
