#ifndef SELFPLAY_CLIP_SHELF_H_
#define SELFPLAY_CLIP_SHELF_H_

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "selfplay/decoded_clip.h"
#include "selfplay/first_pass_cache.h"
#include "selfplay/shared_cache.h"
#include "selfplay/training_config.h"

namespace selfplay {

// A video to train on.
struct TrainingClip {
  std::string name;  // Unique among the clips.
  std::string path;
};

// A clip that waits for its second pass.
struct PreparedClip {
  std::unique_ptr<encoder_bridge::FrameSource> source;
  std::shared_ptr<const encoder_bridge::FirstPassResult> first_pass;
};

// The settings that episodes are encoded with: those of an ordinary encode.
encoder_bridge::EncoderSettings EpisodeSettings(const EpisodeConfig& config);

// Gives clips out as episodes want them: frames scaled and cut to length, and
// their first pass, both made once and then kept.  Clips whose frames do not
// fit in memory are decoded anew each time.
//
// Thread-safe.
class ClipShelf {
 public:
  struct Options {
    FirstPassCache::Options first_passes;
    // Of decoded frames.  One clip gets no more than a quarter of it.
    int64_t max_frame_bytes = int64_t{1} << 30;
  };

  ClipShelf(const EpisodeConfig& episode, const Options& options);

  // Errors: VideoReader's and RunFirstPass()'s, which are the clip's fault;
  // Cancelled if `stop` is requested.
  absl::StatusOr<PreparedClip> Take(const TrainingClip& clip,
                                    const std::stop_token& stop);

 private:
  // Decoded frames, or nothing for a clip too large to be kept.
  struct Frames {
    std::shared_ptr<const DecodedClip> decoded;
  };

  absl::StatusOr<Frames> Decode(const TrainingClip& clip,
                                const std::stop_token& stop) const;

  const encoder_bridge::EncoderSettings settings_;
  encoder_bridge::VideoReaderOptions reader_;
  const int64_t max_clip_bytes_;
  FirstPassCache first_passes_;
  SharedCache<Frames> frames_;
};

}  // namespace selfplay

#endif  // SELFPLAY_CLIP_SHELF_H_
