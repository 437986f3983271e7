#include "encoder_bridge/packet_clock.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavutil/rational.h>
}

#include <cmath>
#include <cstdint>

namespace encoder_bridge {

void DropAbsurdTimestamps(AVPacket& packet) {
  constexpr int64_t kLatest = int64_t{1} << 61;
  for (int64_t* time : {&packet.pts, &packet.dts}) {
    if (*time > kLatest || *time < -kLatest) *time = AV_NOPTS_VALUE;
  }
}

PacketClock::PacketClock(const AVFormatContext& input, const AVStream& stream)
    : may_start_again_((input.iformat->flags & AVFMT_TS_DISCONT) != 0),
      seconds_per_tick_(av_q2d(stream.time_base)) {}

void PacketClock::Continue(AVPacket& packet) {
  constexpr double kLargestStepBack = 0.1;  // Seconds.
  constexpr double kLargestStep = 10;       // Seconds, as in ffmpeg.
  DropAbsurdTimestamps(packet);
  if (!may_start_again_) return;
  if (packet.dts == AV_NOPTS_VALUE) {
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += offset_;
    return;
  }
  if (last_dts_.has_value()) {
    const int64_t step = packet.dts + offset_ - *last_dts_;
    const double seconds = static_cast<double>(step) * seconds_per_tick_;
    if (seconds < -kLargestStepBack || seconds > kLargestStep) {
      offset_ += last_step_ - step;
    } else if (step > 0) {
      last_step_ = step;
    }
  }
  packet.dts += offset_;
  if (packet.pts != AV_NOPTS_VALUE) packet.pts += offset_;
  last_dts_ = packet.dts;
}

void PacketClock::Continue(AVPacket& packet, const PacketClock& leader) {
  DropAbsurdTimestamps(packet);
  if (may_start_again_) Follow(packet, leader);
  Continue(packet);
}

// Packets of the time before the leader's timestamps started again may come
// after that: the new offset is right for those that it puts in their place.
void PacketClock::Follow(const AVPacket& packet, const PacketClock& leader) {
  constexpr double kFarthest = 1;  // Seconds from where the last packet was.
  if (packet.dts == AV_NOPTS_VALUE || !last_dts_.has_value()) return;
  const int64_t offset =
      std::llround(static_cast<double>(leader.offset_) *
                   leader.seconds_per_tick_ / seconds_per_tick_);
  const int64_t step = packet.dts + offset - *last_dts_;
  if (offset == offset_ ||
      std::abs(static_cast<double>(step)) * seconds_per_tick_ > kFarthest) {
    return;
  }
  offset_ = offset;
  // What Continue() measures its step from.
  last_dts_ = packet.dts + offset - last_step_;
}

}  // namespace encoder_bridge
