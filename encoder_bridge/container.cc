#include "encoder_bridge/container.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace encoder_bridge {
namespace {

struct Description {
  Container container;
  absl::string_view extension;
  const char* name;
  const char* muxer;
};

constexpr Description kContainers[] = {
    {Container::kWebm, ".webm", "WebM", "webm"},
    {Container::kMatroska, ".mkv", "Matroska", "matroska"},
    {Container::kMp4, ".mp4", "MP4", "mp4"},
    {Container::kIvf, ".ivf", "IVF", "ivf"},
};

const Description& Describe(Container container) {
  for (const Description& description : kContainers) {
    if (description.container == container) return description;
  }
  return kContainers[0];
}

}  // namespace

std::optional<Container> ContainerOf(absl::string_view path) {
  for (const Description& description : kContainers) {
    if (absl::EndsWithIgnoreCase(path, description.extension)) {
      return description.container;
    }
  }
  return std::nullopt;
}

std::string NameOf(Container container) { return Describe(container).name; }

const char* MuxerOf(Container container) { return Describe(container).muxer; }

bool TakesCodec(Container container, int codec_id) {
  if (!HoldsAudio(container)) return codec_id == AV_CODEC_ID_VP9;
  const auto codec = static_cast<AVCodecID>(codec_id);
  const AVOutputFormat* muxer =
      av_guess_format(MuxerOf(container), nullptr, nullptr);
  if (muxer == nullptr) return false;
  if (avformat_query_codec(muxer, codec, FF_COMPLIANCE_NORMAL) == 1) {
    return true;
  }
  // Matroska embeds what WAV holds, which FFmpeg does not tell.
  const AVCodecTag* const wav[] = {avformat_get_riff_audio_tags(), nullptr};
  return container == Container::kMatroska && av_codec_get_tag(wav, codec) != 0;
}

}  // namespace encoder_bridge
