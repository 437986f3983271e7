#include "encoder_bridge/media_check.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/rational.h>
}

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/media_input.h"

namespace encoder_bridge {
namespace {

// WebM's clock counts milliseconds.
constexpr double kClockError = 0.0015;

// Decodes one stream and keeps what can be compared.
class StreamCheck {
 public:
  static absl::StatusOr<StreamCheck> Open(const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    StreamCheck check(stream);
    if (decoder == nullptr) {
      ++check.num_errors_;
      return check;
    }
    check.codec_.reset(avcodec_alloc_context3(decoder));
    int error = avcodec_parameters_to_context(check.codec_.get(), &parameters);
    if (error >= 0) {
      check.codec_->pkt_timebase = stream.time_base;
      check.codec_->thread_count = 0;
      error = avcodec_open2(check.codec_.get(), decoder, /*options=*/nullptr);
    }
    if (error < 0) {
      return absl::DataLossError(
          absl::StrCat("cannot be decoded: ", FfmpegErrorText(error)));
    }
    return check;
  }

  // The stream's next packet; nullptr after the last.
  void Send(const AVPacket* packet) {
    if (packet != nullptr && packet->pts != AV_NOPTS_VALUE) {
      longest_packet_ = std::max(longest_packet_, Seconds(packet->duration));
      end_seconds_ =
          std::max(end_seconds_, Seconds(packet->pts + packet->duration));
    }
    if (codec_ == nullptr) return;
    if (avcodec_send_packet(codec_.get(), packet) < 0) ++num_errors_;
    while (true) {
      const int error = avcodec_receive_frame(codec_.get(), frame_.get());
      if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return;
      if (error < 0) {
        ++num_errors_;
        return;
      }
      if (frame_->decode_error_flags != 0) ++num_errors_;
      ++num_frames_;
      if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) continue;
      last_frame_seconds_ = Seconds(frame_->best_effort_timestamp);
    }
  }

  int64_t num_frames() const { return num_frames_; }
  int64_t num_errors() const { return num_errors_; }
  double last_frame_seconds() const { return last_frame_seconds_; }
  double end_seconds() const { return end_seconds_; }
  double longest_packet() const { return longest_packet_; }

 private:
  explicit StreamCheck(const AVStream& stream)
      : time_base_(stream.time_base), frame_(av_frame_alloc()) {}

  double Seconds(int64_t ticks) const {
    return static_cast<double>(ticks) * av_q2d(time_base_);
  }

  AVRational time_base_;
  FrameHandle frame_;
  CodecHandle codec_;  // None: FFmpeg has no decoder.
  int64_t num_frames_ = 0;
  int64_t num_errors_ = 0;
  double last_frame_seconds_ = 0;
  double end_seconds_ = 0;     // Of packets.
  double longest_packet_ = 0;  // Seconds.
};

absl::Status Mismatch(const std::string& what, double found, double wanted) {
  return absl::DataLossError(
      absl::StrCat(what, " at ", found, " s, wanted ", wanted, " s"));
}

absl::Status CheckVideo(const StreamCheck& video, const MediaContents& wanted) {
  if (video.num_frames() != wanted.frames) {
    return absl::DataLossError(
        absl::StrCat(video.num_frames(), " of ", wanted.frames,
                     wanted.frames == 1 ? " frame decodes" : " frames decode"));
  }
  if (video.num_errors() > 0) {
    return absl::DataLossError(
        absl::StrCat("the video decodes with ", video.num_errors(), " errors"));
  }
  if (std::abs(video.last_frame_seconds() - wanted.last_frame_seconds) >
      kClockError) {
    return Mismatch("the last frame is shown", video.last_frame_seconds(),
                    wanted.last_frame_seconds);
  }
  return absl::OkStatus();
}

absl::Status CheckAudio(const StreamCheck& audio,
                        const MediaContents::Audio& wanted, size_t number) {
  const std::string name = absl::StrCat("audio stream ", number);
  if (wanted.has_to_decode && audio.num_errors() > 0) {
    return absl::DataLossError(
        absl::StrCat(name, " decodes with ", audio.num_errors(), " errors"));
  }
  if (std::abs(audio.end_seconds() - wanted.end_seconds) >
      audio.longest_packet() + kClockError) {
    return Mismatch(absl::StrCat(name, " ends"), audio.end_seconds(),
                    wanted.end_seconds);
  }
  return absl::OkStatus();
}

// How long the file says it is: what players show, and seek by.
absl::Status CheckDuration(const AVFormatContext& file,
                           const std::vector<StreamCheck>& streams,
                           const MediaContents& wanted) {
  double end = wanted.end_seconds;
  for (const MediaContents::Audio& audio : wanted.audio) {
    end = std::max(end, audio.end_seconds);
  }
  // A frame: the mean one, or the last.
  double tolerance =
      std::max(wanted.end_seconds / static_cast<double>(wanted.frames),
               wanted.end_seconds - wanted.last_frame_seconds);
  for (const StreamCheck& stream : streams) {
    tolerance = std::max(tolerance, stream.longest_packet());
  }
  if (file.duration == AV_NOPTS_VALUE) {
    return absl::DataLossError("it does not say how long it is");
  }
  const double told = static_cast<double>(file.duration) / AV_TIME_BASE;
  if (std::abs(told - end) > tolerance + kClockError) {
    return Mismatch("it says that it ends", told, end);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckMediaFile(const std::string& path,
                            const MediaContents& wanted,
                            const std::function<absl::Status()>& poll) {
  const absl::StatusOr<InputHandle> opened = OpenMediaInput(path);
  if (!opened.ok()) return opened.status();
  AVFormatContext& file = **opened;
  size_t num_streams = file.nb_streams;
  // MP4 has its chapters in a stream behind the others.
  while (num_streams > 0 &&
         file.streams[num_streams - 1]->codecpar->codec_type ==
             AVMEDIA_TYPE_DATA) {
    --num_streams;
  }
  if (num_streams != wanted.audio.size() + 1) {
    return absl::DataLossError(absl::StrCat(
        "it has ", num_streams, " streams, wanted ", wanted.audio.size() + 1));
  }
  std::vector<StreamCheck> streams;
  for (size_t i = 0; i < num_streams; ++i) {
    absl::StatusOr<StreamCheck> stream = StreamCheck::Open(*file.streams[i]);
    if (!stream.ok()) return stream.status();
    streams.push_back(*std::move(stream));
  }
  const PacketHandle packet(av_packet_alloc());
  while (true) {
    absl::Status status = poll();
    if (!status.ok()) return status;
    const int error = av_read_frame(&file, packet.get());
    if (error == AVERROR_EOF) break;
    if (error < 0) {
      return absl::DataLossError(
          absl::StrCat("it cannot be read: ", FfmpegErrorText(error)));
    }
    const auto index = static_cast<size_t>(packet->stream_index);
    if (index < num_streams) streams[index].Send(packet.get());
    av_packet_unref(packet.get());
  }
  for (StreamCheck& stream : streams) stream.Send(nullptr);
  absl::Status status = CheckVideo(streams[0], wanted);
  for (size_t i = 1; i < num_streams && status.ok(); ++i) {
    status = CheckAudio(streams[i], wanted.audio[i - 1], i);
  }
  if (status.ok()) status = CheckDuration(file, streams, wanted);
  return status;
}

}  // namespace encoder_bridge
