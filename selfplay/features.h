#ifndef SELFPLAY_FEATURES_H_
#define SELFPLAY_FEATURES_H_

#include "absl/types/span.h"

namespace selfplay {

// The meaning of every number in an observation.  docs/planning.md explains
// them; features.cc has units and ranges.  Whoever changes this list, or how a
// number is made, raises kObservationVersion: networks trained on the old
// observations are then refused.
inline constexpr int kObservationVersion = 1;

// Numbers of one token: a shown frame, or the mean of a block of them.
enum TokenFeature : int {
  // First-pass statistics.
  kLogIntraError,
  kLogCodedError,
  kLogSecondRefError,
  kLogNoiseEnergy,
  kInterShare,
  kMotionShare,
  kSecondRefShare,
  kNeutralShare,
  kIntraLowShare,
  kIntraHighShare,
  kIntraSkipShare,
  kIntraSmoothShare,
  kInactiveRows,
  kInactiveColumns,
  kMotionRows,
  kMotionColumns,
  kMotionRowsSpread,
  kMotionColumnsSpread,
  kPanRows,
  kPanColumns,
  kMotionInOut,
  kLogForecastBpp,
  // Position.
  kSignedLogDistance,
  kSignedDistance,
  kNearness,
  kIsFocus,
  kLogBlockLength,
  kStretchPosition,
  // What was coded.
  kKeyShare,
  kCodedShare,
  kOverlayShare,
  kCodedLogStep,
  kCodedLogBpp,
  kCodedPsnr,
  kAltRefShare,
  kAltRefLogStep,
  kAltRefLogBpp,
  kNumTokenFeatures,
};

// Numbers that belong to the frame to be coded or to the encode.
enum ContextFeature : int {
  // The frame.
  kIsKey,
  kIsInter,
  kIsAltRef,
  kIsOverlay,
  kIsGolden,
  kLogGroupPlace,
  kLogSinceKey,
  kHasLast,
  kHasGolden,
  kHasAltRef,
  kLastLogStep,
  kGoldenLogStep,
  kAltRefReferenceLogStep,
  // How far the stretch is.
  kFramesDone,
  kLogFramesLeft,
  kBitsUsed,
  kLogBitsPerComplexity,
  kMeanPsnr,
  // The sequence.
  kLogTargetBpp,
  kLogFrameRate,
  kLogMacroblocks,
  // What the feedback controller makes of it.
  kFeedbackLogStep,
  kFeedbackLogBase,
  kFeedbackLogBpp,
  kFeedbackSlope,
  kKeyLogFactor,
  kAltRefLogFactor,
  kLeafLogFactor,
  kNumContextFeatures,
};

struct Feature {
  int index = 0;  // TokenFeature or ContextFeature.
  const char* name = "";
  const char* unit = "";
  // What it is clamped to; a number that is none becomes 0.
  float min = 0;
  float max = 1;
};

// [kNumTokenFeatures] and [kNumContextFeatures], in order of `index`.
absl::Span<const Feature> TokenFeatures();
absl::Span<const Feature> ContextFeatures();

// `value` as the feature holds it: finite and in its range.
float Bounded(const Feature& feature, double value);

}  // namespace selfplay

#endif  // SELFPLAY_FEATURES_H_
