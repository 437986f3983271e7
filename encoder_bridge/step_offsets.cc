#include "encoder_bridge/step_offsets.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/sane_statistic.h"

namespace encoder_bridge {
namespace {

constexpr double kMaxOffset = 2.5;
// Key and alt-ref frames are finer by this much, at least.
constexpr double kMinBoost = 0.1;
// A key frame lives on for about this long; an ARF shorter.
constexpr int kKeyReach = 64;
constexpr int kAltRefReach = 13;
// Groups of this many frames, or more, get an ARF with the full offset.
constexpr int kFullGroup = 6;
// A scene whose intra error has changed by this factor (in ln) since its key
// frame shows another picture, whatever the criterion of scene cuts says: a
// fade, a dissolve, a view that opens.
constexpr double kPictureChange = 0.35;
// With this many frames of the same picture to follow, or more, a frame is as
// fine as it gets.
constexpr double kHorizonFrames = 40;
// The same of what an ARF loses at the end of a picture.
constexpr double kAltRefFollowers = 8;
// Complexity is averaged over this many frames on either side within a scene,
// but for its first one, which nothing is predicted from.
constexpr int kComplexityReach = 8;

double Clamped(double offset) {
  return std::clamp(offset, -kMaxOffset, kMaxOffset);
}

// Returns the frame, from `first` + 1 up to `end`, at which the picture is no
// longer that of `first`.
int PictureEnd(absl::Span<const FirstPassFrameStats> stats, int first,
               int end) {
  const double intra =
      std::log1p(SaneStatistic(stats[static_cast<size_t>(first)].intra_error));
  for (int i = first + 1; i < end; ++i) {
    const double other =
        std::log1p(SaneStatistic(stats[static_cast<size_t>(i)].intra_error));
    if (std::abs(other - intra) > kPictureChange) return i;
  }
  return end;
}

// Means over windows of a sequence.
class WindowMean {
 public:
  template <typename T, typename ToNumber>
  WindowMean(absl::Span<const T> values, ToNumber to_number)
      : sums_(values.size() + 1) {
    for (size_t i = 0; i < values.size(); ++i) {
      sums_[i + 1] = sums_[i] + to_number(values[i]);
    }
  }

  // Over the part of [first, last] that exists; if none does, of the nearest.
  double Of(int first, int last) const {
    const int size = static_cast<int>(sums_.size()) - 1;
    const int from = std::clamp(first, 0, size - 1);
    const int to = std::clamp(last, from, size - 1);
    return (sums_[static_cast<size_t>(to) + 1] -
            sums_[static_cast<size_t>(from)]) /
           (to + 1 - from);
  }

 private:
  std::vector<double> sums_;
};

}  // namespace

StepOffsets::StepOffsets(absl::Span<const FirstPassFrameStats> stats,
                         absl::Span<const double> leaf_log_bits,
                         absl::Span<const int> scene_cuts,
                         const StepOffsetOptions& options)
    : golden_(options.golden), key_follow_(options.key_follow) {
  if (stats.empty()) return;
  const WindowMean motion(stats, [](const FirstPassFrameStats& s) {
    return std::min(SaneStatistic(s.pcnt_motion), 1.0);
  });
  const WindowMean intra_error(stats, [](const FirstPassFrameStats& s) {
    return SaneStatistic(s.intra_error);
  });
  const WindowMean coded_error(stats, [](const FirstPassFrameStats& s) {
    return SaneStatistic(s.coded_error);
  });
  const WindowMean log_bits(leaf_log_bits, [](double bits) { return bits; });
  const int n = static_cast<int>(stats.size());
  const double average_log_bits = log_bits.Of(0, n - 1);
  size_t next_cut = 0;
  for (int i = 0; i < n; ++i) {
    while (next_cut < scene_cuts.size() && scene_cuts[next_cut] <= i) {
      ++next_cut;
    }
    const int scene_first = next_cut > 0 ? scene_cuts[next_cut - 1] : 0;
    const int scene_end =
        next_cut < scene_cuts.size() ? scene_cuts[next_cut] : n;
    const int reach =
        PictureEnd(stats, i, std::min(scene_end, i + kKeyReach)) - i;
    const double leaf =
        options.complexity *
        (log_bits.Of(std::max(scene_first + 1, i - kComplexityReach),
                     std::min(scene_end - 1, i + kComplexityReach)) -
         average_log_bits);
    const double key =
        options.key - options.key_motion * motion.Of(i + 1, i + reach - 1) -
        options.key_length * std::log(static_cast<double>(kKeyReach) / reach);
    const double alt_ref = options.alt_ref +
                           options.alt_ref_log_intra *
                               std::log1p(intra_error.Of(i - kAltRefReach, i)) -
                           options.alt_ref_log_coded *
                               std::log1p(coded_error.Of(i - kAltRefReach, i));
    const double followers = reach - 1;
    const double far_leaf =
        leaf - options.horizon * std::min(1.0, followers / kHorizonFrames);
    const double alt_ref_lost =
        options.alt_ref_end * std::max(0.0, 1 - followers / kAltRefFollowers);
    leaf_.push_back(Clamped(far_leaf));
    key_.push_back(Clamped(leaf - std::max(key, kMinBoost)));
    alt_ref_.push_back(
        Clamped(far_leaf - (1 - alt_ref_lost) * std::max(alt_ref, kMinBoost)));
  }
}

double StepOffsets::Of(FrameType type, int show_index) const {
  const size_t i = static_cast<size_t>(show_index);
  switch (type) {
    case FrameType::kKey:
      return key_[i];
    case FrameType::kAltRef:
      return alt_ref_[i];
    case FrameType::kGolden:
      return leaf_[i] + golden_ * (alt_ref_[i] - leaf_[i]);
    case FrameType::kInter:
    case FrameType::kOverlay:
      break;
  }
  return leaf_[i];
}

double StepOffsets::KeyOffset(int show_index) const {
  return Of(FrameType::kKey, show_index) +
         (1 - key_follow_) * kKeyReferenceLogBase;
}

double StepOffsets::OfAltRef(int show_index, int length) const {
  const size_t i = static_cast<size_t>(show_index);
  const double worth = std::min(1.0, static_cast<double>(length) / kFullGroup);
  return leaf_[i] + worth * (alt_ref_[i] - leaf_[i]);
}

}  // namespace encoder_bridge
