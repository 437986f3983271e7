#ifndef ENCODER_BRIDGE_AUDIO_CONVERTER_H_
#define ENCODER_BRIDGE_AUDIO_CONVERTER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"

namespace encoder_bridge {

// Turns decoded sound of any rate, sample format and channel layout, which may
// change in mid-stream, into interleaved floats at the rate and layout that
// OpusEncoder wants.  Not thread-safe.
class AudioConverter {
 public:
  explicit AudioConverter(int channels) : channels_(channels) {}

  // Takes the next decoded frame, leaving it blank.  Its pts counts its own
  // samples; it may have none (AV_NOPTS_VALUE).  Take all that Pull() has
  // before the next.
  absl::Status Push(AVFrame& frame);

  // No more frames come: Pull() has what is left.
  absl::Status Finish();

  // Makes `frame` the next converted one, its pts counting samples at 48 kHz;
  // false if there is none yet.
  absl::StatusOr<bool> Pull(AVFrame& frame);

 private:
  // What a graph is built for.
  struct Source {
    int sample_rate = 0;
    int sample_format = 0;
    std::string layout;

    friend bool operator==(const Source&, const Source&) = default;
  };

  absl::Status BuildGraph(const Source& source);

  const int channels_;
  Source source_;
  FilterGraphHandle graph_;
  FilterGraphHandle old_graph_;  // Has still something to give.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_CONVERTER_H_
