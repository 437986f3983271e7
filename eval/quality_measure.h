#ifndef EVAL_QUALITY_MEASURE_H_
#define EVAL_QUALITY_MEASURE_H_

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "eval/points.h"

namespace eval {

// The measures of quality that BD-rates are taken over.
enum class QualityMeasure { kPsnr = 0, kPsnrY = 1, kPsnrGlobal = 2, kSsim = 3 };

// In the order of reports: the primary measure first.
inline constexpr std::array<QualityMeasure, 4> kQualityMeasures = {
    QualityMeasure::kPsnr, QualityMeasure::kPsnrY, QualityMeasure::kPsnrGlobal,
    QualityMeasure::kSsim};

// One T for each measure.
template <typename T>
using PerMeasure = std::array<T, kQualityMeasures.size()>;

constexpr size_t IndexOf(QualityMeasure measure) {
  return static_cast<size_t>(measure);
}

// As in points.csv and summary.json: "psnr".
absl::string_view Name(QualityMeasure measure);

// For people: "PSNR, mean".
absl::string_view Label(QualityMeasure measure);

// What BdRate() is to be given for `point`, in dB.  SSIM, which is in [0, 1],
// is -10 log10(1 - SSIM).  Infinite if output and source are equal.
double QualityDb(const SweepPoint& point, QualityMeasure measure);

}  // namespace eval

#endif  // EVAL_QUALITY_MEASURE_H_
