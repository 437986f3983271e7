#include "encoder_bridge/scene_cuts.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

// The criteria are those of test_candidate_kf (vp9_firstpass.c, libvpx 1.12).
constexpr double kMaxSecondReference = 0.2;
constexpr double kHardlyAnyInter = 0.05;
constexpr double kMinIntra = 0.25;
// An error is a peak if it is above both neighbours' by this factor.
constexpr double kPeak = 1.2;
constexpr double kSlidePeak = 5;
// Frames that must be predictable from a key frame for it to be worth it.
constexpr size_t kLookAhead = 16;
constexpr size_t kMinPredicted = 4;
constexpr double kMinWorth = 30;
constexpr double kWorthFactor = 12.5;
constexpr double kMaxFrameWorth = 128;

double IntraRatio(const FirstPassFrameStats& s) {
  return s.intra_error / (s.coded_error + 1e-6);
}

double Intra(const FirstPassFrameStats& s) { return 1 - s.pcnt_inter; }

bool IsFlash(const FirstPassFrameStats& s) {
  return s.pcnt_second_ref > s.pcnt_inter && s.pcnt_second_ref >= 0.5;
}

bool IsErrorPeak(const FirstPassFrameStats& last,
                 const FirstPassFrameStats& frame,
                 const FirstPassFrameStats& next, double factor) {
  return frame.coded_error > factor * last.coded_error &&
         frame.coded_error > factor * next.coded_error;
}

// One picture gives way to another, as in a slide show.
bool IsSlide(const FirstPassFrameStats& last, const FirstPassFrameStats& frame,
             const FirstPassFrameStats& next) {
  return IntraRatio(frame) < 1.5 && IsErrorPeak(last, frame, next, kSlidePeak);
}

// Intra coding is about as good as inter here, and only here.
bool IsIntraStep(const FirstPassFrameStats& last,
                 const FirstPassFrameStats& frame,
                 const FirstPassFrameStats& next) {
  const double ratio = IntraRatio(frame);
  const double intra = Intra(frame) + frame.pcnt_neutral;
  if (ratio < 2 && IntraRatio(last) > 2.25 && IntraRatio(next) > 2.25 &&
      Intra(frame) > 3 * Intra(last) && Intra(frame) > 3 * Intra(next) &&
      (Intra(frame) > 0.075 || intra > 0.85)) {
    return true;
  }
  return ratio < 1.25 && intra > 0.85 && ratio < 0.9 * IntraRatio(last) &&
         ratio < 0.9 * IntraRatio(next);
}

bool LooksLikeCut(const FirstPassFrameStats& last,
                  const FirstPassFrameStats& frame,
                  const FirstPassFrameStats& next) {
  if (IsFlash(frame) || IsFlash(next) ||
      frame.pcnt_second_ref >= kMaxSecondReference) {
    return false;
  }
  return frame.pcnt_inter < kHardlyAnyInter || IsSlide(last, frame, next) ||
         IsIntraStep(last, frame, next) ||
         (IsErrorPeak(last, frame, next, kPeak) && Intra(frame) > kMinIntra &&
          Intra(frame) + frame.pcnt_neutral > 0.5 && IntraRatio(frame) < 2.5);
}

// Whether the frames that follow, in `after`, are predicted well from the
// first.
bool IsWorthAKeyFrame(absl::Span<const FirstPassFrameStats> after) {
  double worth = 0;
  double decay = 1;
  size_t predicted = 0;
  for (const FirstPassFrameStats& s : after.subspan(0, kLookAhead)) {
    const double ratio = std::min(kWorthFactor * IntraRatio(s), kMaxFrameWorth);
    decay *= s.pcnt_inter > 0.85 ? s.pcnt_inter : (0.85 + s.pcnt_inter) / 2;
    const double gain = decay * ratio;
    worth += gain;
    if (s.pcnt_inter < kHardlyAnyInter || ratio < 1.5 ||
        (s.pcnt_inter - s.pcnt_neutral < 0.2 && ratio < 3) || gain < 3 ||
        s.intra_error < 0.5) {
      break;
    }
    ++predicted;
  }
  return worth > kMinWorth && predicted >= kMinPredicted;
}

}  // namespace

std::vector<int> FindSceneCuts(absl::Span<const FirstPassFrameStats> stats) {
  std::vector<int> cuts;
  for (size_t i = 1; i + 1 < stats.size(); ++i) {
    if (LooksLikeCut(stats[i - 1], stats[i], stats[i + 1]) &&
        IsWorthAKeyFrame(stats.subspan(i + 1))) {
      cuts.push_back(static_cast<int>(i));
    }
  }
  return cuts;
}

}  // namespace encoder_bridge
