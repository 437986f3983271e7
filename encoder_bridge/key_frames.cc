#include "encoder_bridge/key_frames.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/scene_cuts.h"

namespace encoder_bridge {
namespace {

// Constants and names are those of vp9_firstpass.c.
constexpr double kLowSecondReferenceDifference = 0.1;
constexpr double kLowCodedError = 10;
constexpr double kFrameIntraRatio = 6;
constexpr double kIntraPart = 0.005;
constexpr double kDefaultDecayLimit = 0.75;
constexpr double kZeroMotionFactor = 0.5;
constexpr size_t kFramesToCheckDecay = 8;
// Between golden frames, at least (vp9_rc_get_default_min_gf_interval).
constexpr int kMinGoldenInterval = 4;
constexpr int kMaxGoldenInterval = 16;
constexpr double kSafePixelsPerSecond = 3840 * 2160 * 20.0;

int MinGoldenInterval(const KeyFrameRules& rules) {
  const int interval = std::clamp(static_cast<int>(rules.frame_rate * 0.125),
                                  kMinGoldenInterval, kMaxGoldenInterval);
  const double load =
      rules.width * rules.height * rules.frame_rate / kSafePixelsPerSecond;
  return load <= 1
             ? interval
             : std::max(interval,
                        static_cast<int>(kMinGoldenInterval * load + 0.5));
}

double ZeroMotion(const FirstPassFrameStats& s) {
  return s.pcnt_inter - s.pcnt_motion;
}

double SecondReferenceDecay(const FirstPassFrameStats& s) {
  const double difference = s.sr_coded_error - s.coded_error;
  if (difference <= kLowSecondReferenceDifference) return 1;
  double inter = s.pcnt_inter;
  if (s.coded_error > kLowCodedError &&
      s.intra_error / (s.coded_error + 1e-6) < kFrameIntraRatio) {
    inter += s.pcnt_intra_low - s.pcnt_neutral;
  }
  return std::max(kDefaultDecayLimit, 1 - difference * 0.25 / s.intra_error -
                                          kIntraPart * 100 * (1 - inter));
}

double PredictionDecay(const FirstPassFrameStats& s) {
  const double decay = SecondReferenceDecay(s);
  const double zero_motion = kZeroMotionFactor * ZeroMotion(s);
  return std::max(zero_motion, decay + (1 - decay) * zero_motion);
}

bool IsFlash(const FirstPassFrameStats& s) {
  return s.sr_coded_error < s.coded_error;
}

// Walks from key frame to key frame.
class KeyFrameWalk {
 public:
  KeyFrameWalk(absl::Span<const FirstPassFrameStats> stats,
               const KeyFrameRules& rules)
      : stats_(stats),
        rules_(rules),
        num_frames_(static_cast<int>(stats.size())),
        is_cut_(stats.size()) {
    for (const int cut : FindSceneCuts(stats)) {
      is_cut_[static_cast<size_t>(cut)] =
          !IsFlash(At(cut)) && !IsFlash(At(cut + 1));
    }
  }

  // The distance from the key frame at `key` to the next, or to the end.
  int FramesToNextKey(int key) const {
    const int longest = std::min(num_frames_ - key, rules_.kf_max_dist);
    if (rules_.only_at_distance) return std::max(1, longest);
    std::array<double, kFramesToCheckDecay> recent_decay;
    recent_decay.fill(1);
    int distance = 1;
    for (; distance < longest; ++distance) {
      const int frame = key + distance;
      if (frame + 1 >= num_frames_) continue;
      if (is_cut_[static_cast<size_t>(frame)]) break;
      const double decay = PredictionDecay(At(frame + 1));
      recent_decay[static_cast<size_t>(distance - 1) % kFramesToCheckDecay] =
          decay;
      double product = 1;
      for (const double recent : recent_decay) product *= recent;
      if (distance - 1 > MinGoldenInterval(rules_) && decay >= 0.999 &&
          product < 0.9 &&
          StaysStill(frame, rules_.kf_max_dist - (distance - 1))) {
        break;
      }
    }
    return distance;
  }

 private:
  const FirstPassFrameStats& At(int frame) const {
    return stats_[static_cast<size_t>(frame)];
  }

  bool StaysStill(int first, int frames) const {
    if (first + frames > num_frames_) return false;
    for (int i = first; i < first + frames; ++i) {
      if (ZeroMotion(At(i)) < 0.999) return false;
    }
    return true;
  }

  const absl::Span<const FirstPassFrameStats> stats_;
  const KeyFrameRules& rules_;
  const int num_frames_;
  std::vector<bool> is_cut_;  // [num_frames]
};

}  // namespace

std::vector<int> FindKeyFrames(absl::Span<const FirstPassFrameStats> stats,
                               const KeyFrameRules& rules) {
  const KeyFrameWalk walk(stats, rules);
  std::vector<int> keys;
  for (int key = 0; key < static_cast<int>(stats.size());
       key += walk.FramesToNextKey(key)) {
    keys.push_back(key);
  }
  return keys;
}

}  // namespace encoder_bridge
