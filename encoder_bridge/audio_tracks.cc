#include "encoder_bridge/audio_tracks.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/audio_copier.h"
#include "encoder_bridge/audio_demuxer.h"
#include "encoder_bridge/audio_transcoder.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/media_input.h"
#include "encoder_bridge/stream_tags.h"

namespace encoder_bridge {
namespace {

// MP4 has a place for Vorbis too, but few players look there.
bool CopiesByItself(Container container, int codec) {
  if (codec == AV_CODEC_ID_VORBIS) {
    return container == Container::kWebm || container == Container::kMatroska;
  }
  return codec == AV_CODEC_ID_OPUS;
}

bool IsCopied(const AudioOptions& options, int codec) {
  if (options.mode == AudioMode::kAuto) {
    return CopiesByItself(options.container, codec);
  }
  return options.mode == AudioMode::kCopy;
}

absl::StatusOr<std::unique_ptr<AudioTrack>> OpenCopy(
    std::unique_ptr<AudioDemuxer> demuxer, Container container) {
  const AVCodecParameters& codec = *demuxer->stream().codecpar;
  if (!TakesCodec(container, codec.codec_id)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot be copied: ", NameOf(container), " does not hold this codec"));
  }
  if (codec.sample_rate <= 0) {
    return absl::InvalidArgumentError("cannot be copied: it is damaged");
  }
  return std::make_unique<AudioCopier>(
      std::move(demuxer),
      AudioCopier::Options{.may_begin_early = container == Container::kMp4});
}

absl::StatusOr<std::unique_ptr<AudioTrack>> OpenTrack(
    const std::string& path, const AudioOptions& options,
    const OpenAudioTrack& about) {
  auto demuxer = AudioDemuxer::Open(path, about.stream_index);
  if (!demuxer.ok()) return demuxer.status();
  if (about.is_copied) {
    return OpenCopy(*std::move(demuxer), options.container);
  }
  return AudioTranscoder::Open(*std::move(demuxer), options.bits_per_second);
}

}  // namespace

absl::StatusOr<AudioTracks> OpenAudioTracks(const std::string& path,
                                            const AudioOptions& options) {
  AudioTracks opened;
  if (options.mode == AudioMode::kNone) return opened;
  const absl::StatusOr<InputHandle> input = OpenMediaInput(path);
  if (!input.ok()) return input.status();
  int left_out = 0;
  for (unsigned i = 0; i < (*input)->nb_streams; ++i) {
    const AVStream& stream = *(*input)->streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
    if (!HoldsAudio(options.container)) {
      ++left_out;
      continue;
    }
    OpenAudioTrack track = {
        .stream_index = stream.index,
        .source_codec = avcodec_get_name(stream.codecpar->codec_id),
        .is_copied = IsCopied(options, stream.codecpar->codec_id),
        .tags = StreamTagsOf(stream)};
    const std::string name = absl::StrCat("audio stream ", track.stream_index,
                                          " (", track.source_codec, ")");
    auto packets = OpenTrack(path, options, track);
    if (!packets.ok()) {
      if (options.mode != AudioMode::kAuto ||
          !absl::IsInvalidArgument(packets.status())) {
        return absl::Status(
            packets.status().code(),
            absl::StrCat(path, ": ", name, ": ", packets.status().message()));
      }
      opened.notes.push_back(
          absl::StrCat(name, " is left out: ", packets.status().message()));
      continue;
    }
    track.track = *std::move(packets);
    const AVCodecParameters& codec = track.track->parameters();
    track.codec = avcodec_get_name(codec.codec_id);
    track.channels = codec.ch_layout.nb_channels;
    opened.tracks.push_back(std::move(track));
  }
  if (left_out > 0) {
    opened.notes.push_back(absl::StrCat(
        NameOf(options.container), " holds no audio: ", left_out,
        left_out == 1 ? " stream is" : " streams are", " left out"));
  }
  return opened;
}

}  // namespace encoder_bridge
