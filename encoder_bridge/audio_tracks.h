#ifndef ENCODER_BRIDGE_AUDIO_TRACKS_H_
#define ENCODER_BRIDGE_AUDIO_TRACKS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/media_tags.h"

namespace encoder_bridge {

enum class AudioMode {
  kAuto,  // Opus and Vorbis copied where the container has a place for them.
  kCopy,  // All copied.
  kOpus,  // All coded anew as Opus.
  kNone,  // Left out.
};

struct AudioOptions {
  AudioMode mode = AudioMode::kAuto;
  // Of each stream that is coded; nothing: by its channels, as
  // OpusEncoder::DefaultBitsPerSecond() has it.
  std::optional<int64_t> bits_per_second;
  Container container = Container::kWebm;
};

// One audio stream of the input on its way into the output.
struct OpenAudioTrack {
  int stream_index = 0;      // In the input.
  std::string source_codec;  // FFmpeg's name, such as "aac".
  std::string codec;         // In the output.
  bool is_copied = false;
  int channels = 0;
  StreamTags tags;
  std::unique_ptr<AudioTrack> track;
};

struct AudioTracks {
  std::vector<OpenAudioTrack> tracks;  // In the order of the input.
  // What a user should know: what was left out, and why.  Each is one line
  // without a final stop.
  std::vector<std::string> notes;
};

// Opens all audio streams of the file at `path`, each with its codec at work,
// so that what cannot be done fails here.
//
// A stream that cannot be decoded is left out with a note in kAuto; in kOpus it
// is an error.  So is, in kCopy, one that the container does not hold.
//
// Errors, each naming the path: those of VideoReader::Open(), NotFound if
// FFmpeg has no libopus.
absl::StatusOr<AudioTracks> OpenAudioTracks(const std::string& path,
                                            const AudioOptions& options);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_AUDIO_TRACKS_H_
