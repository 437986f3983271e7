#ifndef ENCODER_BRIDGE_MEDIA_CHECK_H_
#define ENCODER_BRIDGE_MEDIA_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace encoder_bridge {

// What was put into a file.
struct MediaContents {
  struct Audio {
    double end_seconds = 0;  // Of its last packet, by the file's clock.
    // Whether it has to decode: sound that was copied is as good as its source.
    bool has_to_decode = true;
  };

  int64_t frames = 0;
  double last_frame_seconds = 0;  // When it is shown, by the file's clock.
  double end_seconds = 0;         // When it is shown no more.
  std::vector<Audio> audio;       // In the order of its streams.
};

// Reads the file at `path` from end to end, decodes all that is in it and
// compares it with `wanted`: the number of frames, when the last one is shown,
// how long the file says it is, and of each audio stream when it ends.  Times
// may be off by a frame, or a packet of sound.  `poll` is asked after every
// packet.
//
// Errors: DataLoss, with what was found and what was wanted, not naming the
// path; what `poll` returns; those of OpenMediaInput().
absl::Status CheckMediaFile(const std::string& path,
                            const MediaContents& wanted,
                            const std::function<absl::Status()>& poll);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_MEDIA_CHECK_H_
