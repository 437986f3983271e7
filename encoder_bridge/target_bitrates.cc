#include "encoder_bridge/target_bitrates.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

double ScaledTargetKbps(double target_kbps, const VideoFormat& format) {
  return target_kbps * format.width * format.height *
         format.frame_rate.value() / (kProtocolPixels * kProtocolFrameRate);
}

int TargetFor(const VideoFormat& format, double target_kbps,
              bool scale_target) {
  const double kbps =
      scale_target ? ScaledTargetKbps(target_kbps, format) : target_kbps;
  return std::max(1, static_cast<int>(std::lround(kbps)));
}

std::vector<int> TargetsFor(const VideoFormat& format,
                            const std::vector<double>& targets_kbps,
                            bool scale_targets) {
  std::vector<int> result;
  for (const double target_kbps : targets_kbps) {
    result.push_back(TargetFor(format, target_kbps, scale_targets));
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace encoder_bridge
