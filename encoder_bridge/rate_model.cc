#include "encoder_bridge/rate_model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/sane_statistic.h"

namespace encoder_bridge {
namespace {

// Printed by fit_rate_model.py.
// 31 clips, 368 frames; left-out clips: off by 0.22 (ln), frames within by
// 0.10.
constexpr struct {
  double one, log_intra, step, step_log_intra, skip, smooth, noise;
} kKey = {
    .one = 1.3708,
    .log_intra = 0.4819,
    .step = -1.2488,
    .step_log_intra = 0.0872,
    .skip = -0.4004,
    .smooth = -1.2748,
    .noise = 0.0606,
};
// 31 clips, 2330 frames; left-out clips: off by 0.34 (ln), frames within by
// 0.27.
constexpr struct {
  double one, log_intra, log_coded, log_second, log_length, step,
      step_log_coded, motion, neutral, skip;
} kAltRef = {
    .one = -0.0140,
    .log_intra = -0.1135,
    .log_coded = 0.6720,
    .log_second = 0.2915,
    .log_length = 0.3631,
    .step = -0.7751,
    .step_log_coded = -0.0574,
    .motion = 0.3035,
    .neutral = -0.8812,
    .skip = -0.1333,
};
// 31 clips, 22750 frames; left-out clips: off by 0.39 (ln), frames within by
// 0.41.
constexpr struct {
  double one, log_intra, log_coded, log_coded_around, log_second, step,
      step_log_coded, motion, neutral, skip, inter;
} kLeaf = {
    .one = -0.3419,
    .log_intra = -0.1223,
    .log_coded = 0.6925,
    .log_coded_around = -0.0928,
    .log_second = 0.5300,
    .step = -0.2634,
    .step_log_coded = -0.1773,
    .motion = -0.2991,
    .neutral = 1.1404,
    .skip = -1.9079,
    .inter = -0.8131,
};
// End of what fit_rate_model.py printed.

constexpr double kMinSlope = -2.5;
constexpr double kMaxSlope = -0.3;
// No coded frame costs less than its headers.
constexpr double kMinLogBits = 3;
// Leaves are looked at with this many neighbours on either side.
constexpr int kLeafReach = 2;
// A frame with less of it predicted begins another picture
// (VERY_LOW_INTER_THRESH, vp9_firstpass.c).
constexpr double kHardlyAnyInter = 0.05;

// The statistics that the model reads, averaged over frames.
struct Means {
  double intra_error = 0;
  double coded_error = 0;
  double sr_coded_error = 0;
  double motion = 0;
  double neutral = 0;
  double skip = 0;
};

Means MeansOf(absl::Span<const FirstPassFrameStats> stats) {
  Means means;
  const double weight = 1.0 / static_cast<double>(stats.size());
  for (const FirstPassFrameStats& s : stats) {
    means.intra_error += weight * SaneStatistic(s.intra_error);
    means.coded_error += weight * SaneStatistic(s.coded_error);
    means.sr_coded_error += weight * SaneStatistic(s.sr_coded_error);
    means.motion += weight * SaneStatistic(s.pcnt_motion);
    means.neutral += weight * SaneStatistic(s.pcnt_neutral);
    means.skip += weight * SaneStatistic(s.intra_skip_pct);
  }
  return means;
}

FrameCost CostOf(double log_bits, double slope) {
  return {.log_bits = std::clamp(log_bits, kMinLogBits, 40.0),
          .slope = std::clamp(slope, kMinSlope, kMaxSlope)};
}

}  // namespace

double FrameCost::Bits(double log_step) const {
  return std::exp(std::clamp(log_bits + slope * (log_step - kReferenceLogStep),
                             kMinLogBits, 60.0));
}

RateModel::RateModel(int width, int height,
                     absl::Span<const FirstPassFrameStats> stats,
                     std::vector<double> leaf_log_factors)
    : log_macroblocks_(std::log(std::max(1.0, (width + 15) / 16 * 1.0) *
                                std::max(1.0, (height + 15) / 16 * 1.0))),
      stats_(stats),
      leaf_log_factors_(std::move(leaf_log_factors)) {}

FrameCost RateModel::KeyFrame(int show_index) const {
  const FirstPassFrameStats& s = stats_[static_cast<size_t>(show_index)];
  const double log_intra = std::log1p(SaneStatistic(s.intra_error));
  return CostOf(log_macroblocks_ + kKey.one + kKey.log_intra * log_intra +
                    kKey.skip * SaneStatistic(s.intra_skip_pct) +
                    kKey.smooth * SaneStatistic(s.intra_smooth_pct) +
                    kKey.noise * std::sqrt(SaneStatistic(s.frame_noise_energy)),
                kKey.step + kKey.step_log_intra * log_intra);
}

bool RateModel::HasCut(int first, int last) const {
  for (auto i = static_cast<size_t>(first) + 1; i <= static_cast<size_t>(last);
       ++i) {
    const bool is_flash =
        i + 1 < stats_.size() &&
        stats_[i + 1].pcnt_second_ref > stats_[i + 1].pcnt_inter;
    if (stats_[i].pcnt_inter < kHardlyAnyInter && !is_flash) return true;
  }
  return false;
}

FrameCost RateModel::AltRef(int first, int last) const {
  const absl::Span<const FirstPassFrameStats> group = stats_.subspan(
      static_cast<size_t>(first), static_cast<size_t>(last + 1 - first));
  // libvpx makes no key frame of a cut that is near the end of the clip.
  if (HasCut(first, last)) return KeyFrame(last);
  const Means m = MeansOf(group);
  const double log_coded = std::log1p(m.coded_error);
  return CostOf(log_macroblocks_ + kAltRef.one +
                    kAltRef.log_intra * std::log1p(m.intra_error) +
                    kAltRef.log_coded * log_coded +
                    kAltRef.log_second * std::log1p(m.sr_coded_error) +
                    kAltRef.log_length * std::log(last + 1.0 - first) +
                    kAltRef.motion * m.motion + kAltRef.neutral * m.neutral +
                    kAltRef.skip * m.skip,
                kAltRef.step + kAltRef.step_log_coded * log_coded);
}

FrameCost RateModel::Leaf(int show_index) const {
  const FirstPassFrameStats& s = stats_[static_cast<size_t>(show_index)];
  const int first = std::max(0, show_index - kLeafReach);
  const int last = std::min(num_frames() - 1, show_index + kLeafReach);
  const Means around = MeansOf(stats_.subspan(
      static_cast<size_t>(first), static_cast<size_t>(last + 1 - first)));
  const double log_coded = std::log1p(SaneStatistic(s.coded_error));
  const double known = leaf_log_factors_.empty()
                           ? 0
                           : leaf_log_factors_[static_cast<size_t>(show_index)];
  return CostOf(
      known + log_macroblocks_ + kLeaf.one +
          kLeaf.log_intra * std::log1p(SaneStatistic(s.intra_error)) +
          kLeaf.log_coded * log_coded +
          kLeaf.log_coded_around * std::log1p(around.coded_error) +
          kLeaf.log_second * std::log1p(SaneStatistic(s.sr_coded_error)) +
          kLeaf.motion * SaneStatistic(s.pcnt_motion) +
          kLeaf.neutral * SaneStatistic(s.pcnt_neutral) +
          kLeaf.skip * SaneStatistic(s.intra_skip_pct) +
          kLeaf.inter * SaneStatistic(s.pcnt_inter),
      kLeaf.step + kLeaf.step_log_coded * log_coded);
}

}  // namespace encoder_bridge
