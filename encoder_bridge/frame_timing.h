#ifndef ENCODER_BRIDGE_FRAME_TIMING_H_
#define ENCODER_BRIDGE_FRAME_TIMING_H_

#include <cstdint>
#include <vector>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// What a scan of a stream's packets tells about the times of its frames.
struct FrameTimes {
  Rational time_base;        // Seconds per tick of `pts`.
  std::vector<int64_t> pts;  // One per frame, ascending.  Empty: no timestamps.
  // `pts` are the times of decoding, for want of others: their spacing tells
  // the frame rate, but they belong to no particular frame.
  bool are_decode_times = false;
  int64_t num_frames = 0;
  // Frame rates that the container or the codec claims, best first.  They are
  // checked against `pts`, and believed only where there is none.
  std::vector<Rational> nominal_rates;
};

// The clock in which a stream's frames are handed out.
//
// A stream has constant frame rate when its timestamps lie on a grid of
// 1 / frame_rate, give or take one tick or one millisecond, whichever is more,
// and fill three quarters of it: frames lost to damage or dropped by a camera
// leave gaps.  The usual rates are found exactly even from rounded timestamps:
// 30000/1001 rather than 29.97.
struct FrameTiming {
  bool is_constant = true;
  // Constant only: false if frames are to be counted, not timed.
  bool has_timestamps = false;
  Rational frame_rate = {25, 1};  // Average, if not constant.
  // Seconds per tick handed out.  As libvpx wants it: num <= den <= 10^9.
  Rational time_base = {1, 25};
  int64_t ticks_per_frame = 1;  // At constant rate; else of the mean frame.

  Rational stream_time_base = {1, 25};
  double stream_origin = 0;  // Timestamp of tick 0, in stream ticks.

  // The tick at which a frame with this timestamp of the stream is shown.
  int64_t TickAt(int64_t stream_pts) const;

  // The timestamp of the stream that is shown at this tick, but for rounding.
  int64_t StreamPtsAt(int64_t tick) const;

  double SecondsAt(int64_t tick) const {
    return static_cast<double>(tick) * time_base.value();
  }
};

// REQUIRES: times.pts is empty or has times.num_frames ascending entries, no
// further apart than 2^62.
FrameTiming DetectFrameTiming(const FrameTimes& times);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FRAME_TIMING_H_
