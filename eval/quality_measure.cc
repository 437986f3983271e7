#include "eval/quality_measure.h"

#include <cmath>
#include <limits>

namespace eval {

absl::string_view Name(QualityMeasure measure) {
  static constexpr PerMeasure<absl::string_view> kNames = {
      "psnr", "psnr_y", "psnr_global", "ssim"};
  return kNames[IndexOf(measure)];
}

absl::string_view Label(QualityMeasure measure) {
  static constexpr PerMeasure<absl::string_view> kLabels = {
      "PSNR, mean", "PSNR, luma", "PSNR, global", "SSIM"};
  return kLabels[IndexOf(measure)];
}

double QualityDb(const SweepPoint& point, QualityMeasure measure) {
  switch (measure) {
    case QualityMeasure::kPsnr:
      return point.psnr;
    case QualityMeasure::kPsnrY:
      return point.psnr_y;
    case QualityMeasure::kPsnrGlobal:
      return point.psnr_global;
    case QualityMeasure::kSsim:
      return -10 * std::log10(1 - point.ssim);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace eval
