#ifndef ENCODER_BRIDGE_CONTAINER_H_
#define ENCODER_BRIDGE_CONTAINER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace encoder_bridge {

// The files that coded video is put into.
enum class Container { kWebm, kMatroska, kMp4, kIvf };

// By the extension of `path`, upper or lower case: .webm, .mkv, .mp4, .ivf.
// Nothing for any other.
std::optional<Container> ContainerOf(absl::string_view path);

// As people write it: "WebM", "Matroska", "MP4", "IVF".
std::string NameOf(Container container);

// As FFmpeg's libraries call its muxer.
const char* MuxerOf(Container container);

// IVF is video and nothing else: no sound, no tags, no chapters.
inline bool HoldsAudio(Container container) {
  return container != Container::kIvf;
}

// Whether FFmpeg writes this codec (an AVCodecID) into the container.
bool TakesCodec(Container container, int codec_id);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_CONTAINER_H_
