#include "encoder_bridge/audio_copier.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mathematics.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "encoder_bridge/audio_demuxer.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/ffmpeg_handles.h"

namespace encoder_bridge {
namespace {

CodecParametersHandle CopyOf(const AVCodecParameters& parameters) {
  CodecParametersHandle copy(avcodec_parameters_alloc());
  avcodec_parameters_copy(copy.get(), &parameters);
  return copy;
}

}  // namespace

AudioCopier::AudioCopier(std::unique_ptr<AudioDemuxer> demuxer,
                         const Options& options)
    : demuxer_(std::move(demuxer)),
      options_(options),
      parameters_(CopyOf(*demuxer_->stream().codecpar)) {}

void AudioCopier::Start(const AudioSpan& span) {
  const double rate = parameters_->sample_rate;
  origin_ = std::llround(span.origin_seconds * rate);
  next_ = -origin_;
  if (span.duration_seconds.has_value()) {
    end_ = std::llround(*span.duration_seconds * rate);
  }
}

absl::StatusOr<bool> AudioCopier::Next(AVPacket& packet) {
  // Timestamps may have been rounded to the milliseconds of Matroska.
  const int64_t slack = parameters_->sample_rate / 1000;
  // Only Opus has what is to be dropped at the start written down everywhere.
  const int64_t padding = parameters_->codec_id == AV_CODEC_ID_OPUS
                              ? parameters_->initial_padding
                              : 0;
  while (demuxer_->Read(packet)) {
    MoveToOutput(packet);
    const int64_t early =
        options_.may_begin_early ? std::max(padding, packet.duration) : padding;
    if (packet.pts < -early - slack) continue;
    if (packet.pts >= end_) return false;
    if (!options_.may_begin_early) packet.pts = std::max(packet.pts, -padding);
    if (last_ != std::numeric_limits<int64_t>::min()) {
      packet.pts = std::max(packet.pts, last_ + 1);
    }
    packet.dts = packet.pts;
    last_ = packet.pts;
    return true;
  }
  return false;
}

void AudioCopier::MoveToOutput(AVPacket& packet) {
  const AVRational from = demuxer_->stream().time_base;
  const AVRational to = {1, parameters_->sample_rate};
  const int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  packet.pts =
      time != AV_NOPTS_VALUE ? av_rescale_q(time, from, to) - origin_ : next_;
  packet.duration = av_rescale_q(packet.duration, from, to);
  packet.pos = -1;
  next_ = packet.pts + packet.duration;
}

}  // namespace encoder_bridge
