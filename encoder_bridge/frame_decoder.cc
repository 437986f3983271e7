#include "encoder_bridge/frame_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/video_demuxer.h"

namespace encoder_bridge {
namespace {

// The 24 bits of width and height in an MPEG-1/2 sequence header, if the
// packet begins a sequence (ISO/IEC 13818-2, 6.2.2.1).
std::optional<uint32_t> SequenceSize(std::span<const uint8_t> packet) {
  constexpr std::array<uint8_t, 4> kSequenceHeader = {0, 0, 1, 0xb3};
  const auto header =
      std::search(packet.begin(), packet.end(), kSequenceHeader.begin(),
                  kSequenceHeader.end());
  if (packet.end() - header < 7) return std::nullopt;
  return static_cast<uint32_t>(header[4]) << 16 |
         static_cast<uint32_t>(header[5]) << 8 | header[6];
}

}  // namespace

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
    if (error == AVERROR_EOF && holds_packet_) {
      avcodec_flush_buffers(codec_.get());
      is_draining_ = false;
      FeedPacket();
      continue;
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
  const bool is_held = std::exchange(holds_packet_, false);
  const bool is_end = !is_held && !demuxer_->Read(*packet_);
  if (is_end && demuxer_->has_failed()) ++num_errors_;
  holds_packet_ = !is_held && !is_end && ChangesSize(*packet_);
  if (is_end || holds_packet_) {
    is_draining_ = true;
    avcodec_send_packet(codec_.get(), /*avpkt=*/nullptr);
    return;
  }
  if (avcodec_send_packet(codec_.get(), packet_.get()) < 0) ++num_errors_;
}

// FFmpeg's MPEG-1/2 decoder drops the picture it still holds when the size
// changes, unless it is drained before.
bool FrameDecoder::ChangesSize(const AVPacket& packet) {
  if (codec_->codec_id != AV_CODEC_ID_MPEG1VIDEO &&
      codec_->codec_id != AV_CODEC_ID_MPEG2VIDEO) {
    return false;
  }
  const std::optional<uint32_t> size = SequenceSize(
      {packet.data, static_cast<size_t>(std::max(0, packet.size))});
  if (!size.has_value()) return false;
  return std::exchange(sequence_size_, *size) != *size && num_frames_ > 0;
}

std::string FrameDecoder::codec_name() const {
  return avcodec_get_name(codec_->codec_id);
}

}  // namespace encoder_bridge
