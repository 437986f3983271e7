#include "encoder_bridge/opus_encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/ffmpeg_handles.h"

namespace encoder_bridge {
namespace {

constexpr const char* kLayouts[] = {"mono", "stereo", "3.0", "quad",
                                    "5.0",  "5.1",    "6.1", "7.1"};
constexpr int64_t kMostBitsPerChannel = 256'000;  // As libopus has it.

absl::Status OpusError(int error) {
  return absl::InternalError(
      absl::StrCat("sound cannot be coded as Opus: ", FfmpegErrorText(error)));
}

}  // namespace

int64_t OpusEncoder::DefaultBitsPerSecond(int channels) {
  return int64_t{64'000} * std::min(channels, 2) +
         int64_t{32'000} * std::max(channels - 2, 0);
}

const char* OpusEncoder::LayoutOf(int channels) {
  return kLayouts[channels - 1];
}

absl::StatusOr<std::unique_ptr<OpusEncoder>> OpusEncoder::Create(
    int channels, int64_t bits_per_second) {
  const AVCodec* libopus = avcodec_find_encoder_by_name("libopus");
  if (libopus == nullptr) {
    return absl::NotFoundError(
        "sound cannot be coded as Opus: FFmpeg has no libopus here");
  }
  CodecHandle codec(avcodec_alloc_context3(libopus));
  if (codec == nullptr) return OpusError(AVERROR(ENOMEM));
  codec->sample_rate = kSampleRate;
  codec->sample_fmt = AV_SAMPLE_FMT_FLT;
  codec->time_base = {1, kSampleRate};
  codec->bit_rate = std::min(bits_per_second, kMostBitsPerChannel * channels);
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  int error =
      av_channel_layout_from_string(&codec->ch_layout, LayoutOf(channels));
  if (error >= 0) error = avcodec_open2(codec.get(), libopus, nullptr);
  if (error < 0) return OpusError(error);
  return std::unique_ptr<OpusEncoder>(
      new OpusEncoder(std::move(codec), channels));
}

OpusEncoder::OpusEncoder(CodecHandle codec, int channels)
    : codec_(std::move(codec)), channels_(channels) {}

absl::Status OpusEncoder::Append(std::span<const float> samples,
                                 int64_t position) {
  if (!position_.has_value()) position_ = position;
  waiting_.insert(waiting_.end(), samples.begin(), samples.end());
  const size_t block =
      static_cast<size_t>(codec_->frame_size) * static_cast<size_t>(channels_);
  size_t coded = 0;
  for (; waiting_.size() - coded >= block; coded += block) {
    const absl::Status status =
        CodeBlock(std::span(waiting_).subspan(coded, block));
    if (!status.ok()) return status;
  }
  waiting_.erase(waiting_.begin(),
                 waiting_.begin() + static_cast<std::ptrdiff_t>(coded));
  return absl::OkStatus();
}

absl::Status OpusEncoder::Finish() {
  if (!position_.has_value()) return absl::OkStatus();
  if (!waiting_.empty()) {
    const absl::Status status = CodeBlock(waiting_);
    if (!status.ok()) return status;
    waiting_.clear();
  }
  return Send(nullptr);
}

absl::Status OpusEncoder::CodeBlock(std::span<const float> block) {
  const FrameHandle frame(av_frame_alloc());
  if (frame == nullptr) return OpusError(AVERROR(ENOMEM));
  frame->nb_samples = static_cast<int>(block.size()) / channels_;
  frame->format = AV_SAMPLE_FMT_FLT;
  frame->sample_rate = kSampleRate;
  frame->pts = *position_;
  int error = av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout);
  if (error >= 0) error = av_frame_get_buffer(frame.get(), 0);
  if (error < 0) return OpusError(error);
  std::copy(block.begin(), block.end(),
            reinterpret_cast<float*>(frame->data[0]));
  *position_ += frame->nb_samples;
  return Send(frame.get());
}

absl::Status OpusEncoder::Send(const AVFrame* frame) {
  int error = avcodec_send_frame(codec_.get(), frame);
  while (error >= 0) {
    PacketHandle packet(av_packet_alloc());
    if (packet == nullptr) return OpusError(AVERROR(ENOMEM));
    error = avcodec_receive_packet(codec_.get(), packet.get());
    if (error >= 0) packets_.push_back(std::move(packet));
  }
  if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return absl::OkStatus();
  return OpusError(error);
}

bool OpusEncoder::TakePacket(AVPacket& packet) {
  if (packets_.empty()) return false;
  av_packet_unref(&packet);
  av_packet_move_ref(&packet, packets_.front().get());
  packets_.pop_front();
  return true;
}

CodecParametersHandle OpusEncoder::Parameters() const {
  CodecParametersHandle parameters(avcodec_parameters_alloc());
  avcodec_parameters_from_context(parameters.get(), codec_.get());
  return parameters;
}

}  // namespace encoder_bridge
