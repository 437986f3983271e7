#include "encoder_bridge/sample_variance.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr double kBitsPerSample = 6;
// The table of quantizer steps counts eighths of a sample value.
constexpr double kStepsPerSampleValue = 8;

}  // namespace

double LocalVariance(const VideoFrame& frame) {
  int64_t sum = 0;
  int64_t count = 0;
  for (size_t plane = 0; plane < frame.planes.size(); ++plane) {
    const int width = plane == 0 ? frame.width : (frame.width + 1) / 2;
    const int height = plane == 0 ? frame.height : (frame.height + 1) / 2;
    for (int y = 0; y < height; ++y) {
      const uint8_t* row =
          frame.planes[plane] + ptrdiff_t{y} * frame.strides[plane];
      int row_sum = 0;  // At most 2^14 x 255^2.
      for (int x = 1; x < width; ++x) {
        const int difference = row[x] - row[x - 1];
        row_sum += difference * difference;
      }
      sum += row_sum;
    }
    count += int64_t{width - 1} * height;
  }
  return count > 0 ? 0.5 * static_cast<double>(sum) / static_cast<double>(count)
                   : 0;
}

int SafeMinQIndex(double local_variance) {
  if (local_variance <= 0) return kMinQIndex;
  const double step =
      std::sqrt(12 * local_variance) / std::exp2(kBitsPerSample);
  int q_index = kMinQIndex;
  while (q_index < kMaxQIndex &&
         std::exp(LogQuantizerStep(q_index)) < kStepsPerSampleValue * step) {
    ++q_index;
  }
  return q_index;
}

}  // namespace encoder_bridge
