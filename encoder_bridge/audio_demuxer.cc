#include "encoder_bridge/audio_demuxer.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavutil/error.h>
}

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/media_input.h"

namespace encoder_bridge {

absl::StatusOr<std::unique_ptr<AudioDemuxer>> AudioDemuxer::Open(
    const std::string& path, int stream_index) {
  absl::StatusOr<InputHandle> input = OpenMediaInput(path);
  if (!input.ok()) return input.status();
  AVFormatContext& context = **input;
  if (stream_index < 0 ||
      static_cast<unsigned>(stream_index) >= context.nb_streams) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": has no stream ", stream_index));
  }
  AVStream* stream = context.streams[stream_index];
  const bool follows_video = (context.iformat->flags & AVFMT_TS_DISCONT) != 0;
  AVStream* video = follows_video ? FirstVideoStream(context) : nullptr;
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    if (context.streams[i] != stream && context.streams[i] != video) {
      context.streams[i]->discard = AVDISCARD_ALL;
    }
  }
  return std::unique_ptr<AudioDemuxer>(
      new AudioDemuxer(*std::move(input), stream, video));
}

AudioDemuxer::AudioDemuxer(InputHandle input, AVStream* stream, AVStream* video)
    : input_(std::move(input)),
      stream_(stream),
      video_(video),
      clock_(*input_, *stream_) {
  if (video_ != nullptr) video_clock_.emplace(*input_, *video_);
}

bool AudioDemuxer::Read(AVPacket& packet) {
  while (true) {
    av_packet_unref(&packet);
    const int error = av_read_frame(input_.get(), &packet);
    if (error == AVERROR(EAGAIN)) continue;
    if (error < 0) return false;
    if (video_clock_.has_value() && packet.stream_index == video_->index) {
      video_clock_->Continue(packet);
    }
    if (packet.stream_index != stream_->index) continue;
    if (video_clock_.has_value()) {
      clock_.Continue(packet, *video_clock_);
    } else {
      clock_.Continue(packet);
    }
    return true;
  }
}

}  // namespace encoder_bridge
