#include "selfplay/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "absl/types/span.h"

namespace selfplay {
namespace {

constexpr const char* kLogError = "ln(1 + error per macroblock)";
constexpr const char* kLogEnergy = "ln(1 + energy per macroblock)";
constexpr const char* kShare = "fraction of the macroblocks";
constexpr const char* kLogPercent = "ln(1 + percent of the picture a frame)";
constexpr const char* kFlag = "0 or 1; mean over a block";
constexpr const char* kLogStep = "ln(quantizer step)";
constexpr const char* kLogBpp = "ln(bits per luma pixel)";
constexpr const char* kTensOfDb = "10 dB";
constexpr const char* kLogFactor = "ln(bits / predicted bits)";

constexpr std::array<Feature, kNumTokenFeatures> kTokenFeatures = {{
    {kLogIntraError, "log_intra_error", kLogError, 0, 16},
    {kLogCodedError, "log_coded_error", kLogError, 0, 16},
    {kLogSecondRefError, "log_sr_coded_error", kLogError, 0, 16},
    {kLogNoiseEnergy, "log_noise_energy", kLogEnergy, 0, 16},
    {kInterShare, "pcnt_inter", kShare, 0, 1},
    {kMotionShare, "pcnt_motion", kShare, 0, 1},
    {kSecondRefShare, "pcnt_second_ref", kShare, 0, 1},
    {kNeutralShare, "pcnt_neutral", kShare, 0, 1},
    {kIntraLowShare, "pcnt_intra_low", kShare, 0, 1},
    {kIntraHighShare, "pcnt_intra_high", kShare, 0, 1},
    {kIntraSkipShare, "intra_skip_pct", kShare, 0, 1},
    {kIntraSmoothShare, "intra_smooth_pct", kShare, 0, 1},
    {kInactiveRows, "inactive_rows", "fraction of the rows", 0, 1},
    {kInactiveColumns, "inactive_columns", "fraction of the columns", 0, 1},
    {kMotionRows, "motion_rows", kLogPercent, 0, 5},
    {kMotionColumns, "motion_columns", kLogPercent, 0, 5},
    {kMotionRowsSpread, "motion_rows_spread", kLogPercent, 0, 5},
    {kMotionColumnsSpread, "motion_columns_spread", kLogPercent, 0, 5},
    {kPanRows, "pan_rows", kLogPercent, -5, 5},
    {kPanColumns, "pan_columns", kLogPercent, -5, 5},
    {kMotionInOut, "motion_in_out", "mean direction, outwards positive", -1, 1},
    {kLogForecastBpp, "log_forecast_bpp", kLogBpp, -12, 4},
    {kSignedLogDistance, "signed_log_distance", "sign ln(1 + frames)", -8, 8},
    {kSignedDistance, "signed_distance", "16 frames", -4, 4},
    {kNearness, "nearness", "1 / (1 + frames)", 0, 1},
    {kIsFocus, "is_focus", kFlag, 0, 1},
    {kLogBlockLength, "log_block_length", "ln(frames)", 0, 12},
    {kStretchPosition, "stretch_position", "fraction of the stretch", 0, 1},
    {kKeyShare, "is_key", kFlag, 0, 1},
    {kCodedShare, "is_coded", kFlag, 0, 1},
    {kOverlayShare, "is_overlay", kFlag, 0, 1},
    {kCodedLogStep, "coded_log_step", kLogStep, 0, 8},
    {kCodedLogBpp, "coded_log_bpp", kLogBpp, -12, 4},
    {kCodedPsnr, "coded_psnr", kTensOfDb, 0, 10},
    {kAltRefShare, "has_alt_ref", kFlag, 0, 1},
    {kAltRefLogStep, "alt_ref_log_step", kLogStep, 0, 8},
    {kAltRefLogBpp, "alt_ref_log_bpp", kLogBpp, -12, 4},
}};

constexpr std::array<Feature, kNumContextFeatures> kContextFeatures = {{
    {kIsKey, "is_key", kFlag, 0, 1},
    {kIsInter, "is_inter", kFlag, 0, 1},
    {kIsAltRef, "is_alt_ref", kFlag, 0, 1},
    {kIsOverlay, "is_overlay", kFlag, 0, 1},
    {kIsGolden, "is_golden", kFlag, 0, 1},
    {kLogGroupPlace, "log_group_place", "ln(1 + coded frames)", 0, 6},
    {kLogSinceKey, "log_since_key", "ln(1 + shown frames)", 0, 6},
    {kHasLast, "has_last", kFlag, 0, 1},
    {kHasGolden, "has_golden", kFlag, 0, 1},
    {kHasAltRef, "has_alt_ref", kFlag, 0, 1},
    {kLastLogStep, "last_log_step", kLogStep, 0, 8},
    {kGoldenLogStep, "golden_log_step", kLogStep, 0, 8},
    {kAltRefReferenceLogStep, "alt_ref_log_step", kLogStep, 0, 8},
    {kFramesDone, "frames_done", "fraction of the stretch's frames", 0, 1},
    {kLogFramesLeft, "log_frames_left", "ln(1 + shown frames)", 0, 8},
    {kBitsUsed, "bits_used", "fraction of the stretch's bits", 0, 2},
    {kLogBitsPerComplexity, "log_bits_per_complexity",
     "ln(bits left / bits forecast)", -4, 4},
    {kMeanPsnr, "mean_psnr", kTensOfDb, 0, 10},
    {kLogTargetBpp, "log_target_bpp", kLogBpp, -12, 4},
    {kLogFrameRate, "log_frame_rate", "ln(frames per second / 30)", -4, 4},
    {kLogMacroblocks, "log_macroblocks", "ln(macroblocks / 1000)", -7, 6},
    {kFeedbackLogStep, "feedback_log_step", kLogStep, 0, 8},
    {kFeedbackLogBase, "feedback_log_base", kLogStep, 0, 13},
    {kFeedbackLogBpp, "feedback_log_bpp", kLogBpp, -12, 4},
    {kFeedbackSlope, "feedback_slope", "d ln(bits) / d ln(step)", -3, 0},
    {kKeyLogFactor, "key_log_factor", kLogFactor, -3, 3},
    {kAltRefLogFactor, "alt_ref_log_factor", kLogFactor, -3, 3},
    {kLeafLogFactor, "leaf_log_factor", kLogFactor, -3, 3},
}};

template <size_t size>
constexpr bool IsInOrder(const std::array<Feature, size>& features) {
  for (size_t i = 0; i < size; ++i) {
    if (features[i].index != static_cast<int>(i)) return false;
    if (!(features[i].min < features[i].max)) return false;
  }
  return true;
}
static_assert(IsInOrder(kTokenFeatures) && IsInOrder(kContextFeatures));

}  // namespace

absl::Span<const Feature> TokenFeatures() { return kTokenFeatures; }

absl::Span<const Feature> ContextFeatures() { return kContextFeatures; }

float Bounded(const Feature& feature, double value) {
  if (std::isnan(value)) return 0;
  return static_cast<float>(
      std::clamp(value, double{feature.min}, double{feature.max}));
}

}  // namespace selfplay
