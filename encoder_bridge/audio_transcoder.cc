#include "encoder_bridge/audio_transcoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/mathematics.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/audio_converter.h"
#include "encoder_bridge/audio_demuxer.h"
#include "encoder_bridge/audio_timeline.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/opus_encoder.h"

namespace encoder_bridge {
namespace {

// A stream of which so many packets in a row give nothing is damaged.
constexpr int64_t kMostFailures = 500;
// Timestamps that are off by no more are taken for rounded: 15 ms, less than
// a packet of Opus.
constexpr int64_t kTolerance = OpusEncoder::kSampleRate * 15 / 1000;
// What a decoder needs to hear before the first sample that counts.
constexpr double kPrerollSeconds = 1;
// Coded at once, however long the silence is.
constexpr int64_t kSilenceStep = OpusEncoder::kSampleRate;

}  // namespace

absl::StatusOr<std::unique_ptr<AudioTranscoder>> AudioTranscoder::Open(
    std::unique_ptr<AudioDemuxer> demuxer,
    std::optional<int64_t> bits_per_second) {
  const AVStream& stream = demuxer->stream();
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    return absl::InvalidArgumentError("FFmpeg has no decoder for it");
  }
  CodecHandle decoder(avcodec_alloc_context3(codec));
  if (decoder == nullptr) return absl::ResourceExhaustedError("no memory");
  int error = avcodec_parameters_to_context(decoder.get(), stream.codecpar);
  decoder->pkt_timebase = stream.time_base;
  decoder->thread_count = 1;
  if (error >= 0) error = avcodec_open2(decoder.get(), codec, nullptr);
  if (error < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("its decoder cannot be opened: ", FfmpegErrorText(error)));
  }
  std::unique_ptr<AudioTranscoder> transcoder(
      new AudioTranscoder(std::move(demuxer), std::move(decoder)));
  if (!transcoder->DecodeFrame(kMostFailures)) {
    return absl::InvalidArgumentError("nothing of its start decodes");
  }
  const int channels = std::clamp(transcoder->decoded_->ch_layout.nb_channels,
                                  1, OpusEncoder::kMaxChannels);
  auto encoder = OpusEncoder::Create(
      channels,
      bits_per_second.value_or(OpusEncoder::DefaultBitsPerSecond(channels)));
  if (!encoder.ok()) return encoder.status();
  transcoder->encoder_ = *std::move(encoder);
  transcoder->parameters_ = transcoder->encoder_->Parameters();
  transcoder->converter_ = std::make_unique<AudioConverter>(channels);
  return transcoder;
}

AudioTranscoder::AudioTranscoder(std::unique_ptr<AudioDemuxer> demuxer,
                                 CodecHandle decoder)
    : demuxer_(std::move(demuxer)),
      decoder_(std::move(decoder)),
      packet_(av_packet_alloc()),
      decoded_(av_frame_alloc()),
      converted_(av_frame_alloc()) {}

void AudioTranscoder::Start(const AudioSpan& span) {
  span_ = span;
  std::optional<int64_t> end;
  if (span.duration_seconds.has_value()) {
    end = std::llround(*span.duration_seconds * OpusEncoder::kSampleRate);
  }
  timeline_.emplace(kTolerance, end);
}

// Makes `decoded_` the next frame, unless `max_failures` packets in a row give
// none or the stream ends.
bool AudioTranscoder::DecodeFrame(int64_t max_failures) {
  for (int64_t failures = 0; failures < max_failures; ++failures) {
    const int error = avcodec_receive_frame(decoder_.get(), decoded_.get());
    if (error >= 0) {
      if (decoded_->nb_samples <= 0 || decoded_->sample_rate <= 0) continue;
      has_decoded_ = true;
      return true;
    }
    if (error == AVERROR_EOF) return false;
    if (!FeedPacket()) return false;
  }
  return false;
}

// False after the end.  A packet that the decoder refuses is damaged.
bool AudioTranscoder::FeedPacket() {
  if (is_input_over_) return false;
  do {
    is_input_over_ = !demuxer_->Read(*packet_);
  } while (!is_input_over_ && IsLongBeforeStart(*packet_));
  avcodec_send_packet(decoder_.get(), is_input_over_ ? nullptr : packet_.get());
  return true;
}

bool AudioTranscoder::IsLongBeforeStart(const AVPacket& packet) const {
  if (!timeline_.has_value() || packet.pts == AV_NOPTS_VALUE) return false;
  const double end = static_cast<double>(packet.pts + packet.duration) *
                     av_q2d(demuxer_->stream().time_base);
  return end < span_.origin_seconds - kPrerollSeconds;
}

absl::StatusOr<bool> AudioTranscoder::Next(AVPacket& packet) {
  while (!encoder_->TakePacket(packet)) {
    if (is_finished_) return false;
    const absl::Status status = Work();
    if (!status.ok()) return status;
  }
  return true;
}

absl::Status AudioTranscoder::Work() {
  if (silence_ > 0) return CodeSilence();
  if (has_converted_) return CodeConverted();
  if (!timeline_->is_at_end()) {
    if (has_decoded_) return ConvertDecoded();
    const absl::StatusOr<bool> pulled = converter_->Pull(*converted_);
    if (!pulled.ok()) return pulled.status();
    if (*pulled) {
      PlaceConverted();
      return absl::OkStatus();
    }
    if (DecodeFrame(std::numeric_limits<int64_t>::max())) {
      return absl::OkStatus();
    }
    if (!is_converter_over_) {
      is_converter_over_ = true;
      return converter_->Finish();
    }
  }
  is_finished_ = true;
  return encoder_->Finish();
}

void AudioTranscoder::PlaceConverted() {
  has_converted_ = true;
  std::optional<int64_t> position;
  if (converted_->pts != AV_NOPTS_VALUE) position = converted_->pts;
  const AudioTimeline::Placement placement =
      timeline_->Place(position, converted_->nb_samples);
  silence_ = placement.silence;
  const auto channels = static_cast<int64_t>(encoder_->channels());
  const auto* samples = reinterpret_cast<const float*>(converted_->data[0]) +
                        placement.skip * channels;
  kept_samples_.assign(samples, samples + placement.take * channels);
}

absl::Status AudioTranscoder::CodeSilence() {
  const int64_t step = std::min(silence_, kSilenceStep);
  silence_ -= step;
  const std::vector<float> samples(static_cast<size_t>(step) *
                                   static_cast<size_t>(encoder_->channels()));
  return encoder_->Append(samples, timeline_->start().value_or(0));
}

absl::Status AudioTranscoder::CodeConverted() {
  has_converted_ = false;
  if (kept_samples_.empty()) return absl::OkStatus();
  return encoder_->Append(kept_samples_, timeline_->start().value_or(0));
}

absl::Status AudioTranscoder::ConvertDecoded() {
  has_decoded_ = false;
  int64_t pts = decoded_->pts != AV_NOPTS_VALUE
                    ? decoded_->pts
                    : decoded_->best_effort_timestamp;
  if (pts != AV_NOPTS_VALUE) {
    const int rate = decoded_->sample_rate;
    pts = av_rescale_q(pts, demuxer_->stream().time_base, {1, rate}) -
          std::llround(span_.origin_seconds * rate);
  }
  decoded_->pts = pts;
  return converter_->Push(*decoded_);
}

}  // namespace encoder_bridge
