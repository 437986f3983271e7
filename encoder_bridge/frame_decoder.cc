#include "encoder_bridge/frame_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/video_demuxer.h"

namespace encoder_bridge {

absl::StatusOr<std::unique_ptr<FrameDecoder>> FrameDecoder::Open(
    std::unique_ptr<VideoDemuxer> demuxer, int threads) {
  const AVCodecParameters& parameters = *demuxer->stream().codecpar;
  const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
  if (decoder == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(demuxer->path(), ": FFmpeg has no decoder for its video (",
                     avcodec_get_name(parameters.codec_id), ")"));
  }
  CodecHandle codec(avcodec_alloc_context3(decoder));
  int error = avcodec_parameters_to_context(codec.get(), &parameters);
  if (error >= 0) {
    codec->pkt_timebase = demuxer->stream().time_base;
    codec->thread_count = threads;
    error = avcodec_open2(codec.get(), decoder, /*options=*/nullptr);
  }
  if (error < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(demuxer->path(), ": its ", decoder->name,
                     " video cannot be decoded: ", FfmpegErrorText(error)));
  }
  return std::unique_ptr<FrameDecoder>(
      new FrameDecoder(std::move(demuxer), std::move(codec)));
}

FrameDecoder::FrameDecoder(std::unique_ptr<VideoDemuxer> demuxer,
                           CodecHandle codec)
    : demuxer_(std::move(demuxer)),
      codec_(std::move(codec)),
      packet_(av_packet_alloc()) {}

bool FrameDecoder::Next(AVFrame& frame) {
  constexpr int kMaxDrainErrors = 1000;  // Far beyond any decoder's delay.
  while (true) {
    const int error = avcodec_receive_frame(codec_.get(), &frame);
    if (error == 0) {
      ++num_frames_;
      if (frame.decode_error_flags != 0) ++num_errors_;
      return true;
    }
    if (error == AVERROR_EOF) return false;
    if (error != AVERROR(EAGAIN)) {
      ++num_errors_;
      if (is_draining_ && ++num_drain_errors_ > kMaxDrainErrors) return false;
      continue;
    }
    if (is_draining_) return false;
    FeedPacket();
  }
}

void FrameDecoder::FeedPacket() {
  if (!demuxer_->Read(*packet_)) {
    is_draining_ = true;
    if (demuxer_->has_failed()) ++num_errors_;
    avcodec_send_packet(codec_.get(), /*avpkt=*/nullptr);
    return;
  }
  if (avcodec_send_packet(codec_.get(), packet_.get()) < 0) ++num_errors_;
}

std::string FrameDecoder::codec_name() const {
  return avcodec_get_name(codec_->codec_id);
}

}  // namespace encoder_bridge
