#ifndef ENCODER_BRIDGE_TARGET_BITRATES_H_
#define ENCODER_BRIDGE_TARGET_BITRATES_H_

#include <vector>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// The protocol's targets are for this picture; see docs/evaluation.md.
inline constexpr double kProtocolPixels = 854 * 480;
inline constexpr double kProtocolFrameRate = 30;

// Returns `target_kbps`, meant for the protocol's picture, for a video of
// `format`: scaled with pixels times frame rate.
double ScaledTargetKbps(double target_kbps, const VideoFormat& format);

// Returns the bitrate to aim at for a video of `format`, in whole kbps as
// libvpx takes them, at least 1.
int TargetFor(const VideoFormat& format, double target_kbps, bool scale_target);

// Returns TargetFor() of all of them, without duplicates, in rising order.
std::vector<int> TargetsFor(const VideoFormat& format,
                            const std::vector<double>& targets_kbps,
                            bool scale_targets);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_TARGET_BITRATES_H_
