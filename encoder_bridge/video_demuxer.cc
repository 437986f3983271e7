#include "encoder_bridge/video_demuxer.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/rational.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/frame_timing.h"
#include "encoder_bridge/media_input.h"
#include "encoder_bridge/packet_clock.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

// Whether a frame comes of this packet.  VP8 keeps its hidden alt-ref frames
// in packets of their own; other formats tie them to a shown frame.
bool ShowsFrame(const AVPacket& packet, AVCodecID codec) {
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return false;
  return codec != AV_CODEC_ID_VP8 || packet.size < 1 ||
         (packet.data[0] & 0x10) != 0;
}

Rational ToRational(AVRational value) { return {value.num, value.den}; }

// When the stream ends by Matroska's tag, as FFmpeg and mkvtoolnix write it:
// "00:00:05.000000000".
std::optional<double> TaggedEndSeconds(const AVStream& stream) {
  const AVDictionaryEntry* tag =
      av_dict_get(stream.metadata, "DURATION", nullptr, AV_DICT_IGNORE_SUFFIX);
  int hours = 0;
  int minutes = 0;
  double seconds = 0;
  if (tag == nullptr ||
      std::sscanf(tag->value, "%d:%d:%lf", &hours, &minutes, &seconds) != 3) {
    return std::nullopt;
  }
  return hours * 3600.0 + minutes * 60.0 + seconds;
}

// When the last of all streams ends by the file's header.
std::optional<double> HeaderEndSeconds(const AVFormatContext& input) {
  if (input.duration_estimation_method != AVFMT_DURATION_FROM_STREAM ||
      input.duration == AV_NOPTS_VALUE) {
    return std::nullopt;
  }
  const int64_t start =
      input.start_time != AV_NOPTS_VALUE ? input.start_time : 0;
  return static_cast<double>(start + input.duration) / AV_TIME_BASE;
}

// The longest time from one of `pts`, which ascend, to the next, in ticks.
int64_t LongestStep(const std::vector<int64_t>& pts) {
  int64_t longest = 0;
  for (size_t i = 1; i < pts.size(); ++i) {
    longest = std::max(longest, pts[i] - pts[i - 1]);
  }
  return longest;
}

}  // namespace

absl::StatusOr<std::unique_ptr<VideoDemuxer>> VideoDemuxer::Open(
    const std::string& path) {
  absl::StatusOr<InputHandle> input = OpenMediaInput(path);
  if (!input.ok()) return input.status();
  AVStream* stream = FirstVideoStream(**input);
  if (stream == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": has no video stream"));
  }
  return std::unique_ptr<VideoDemuxer>(
      new VideoDemuxer(path, *std::move(input), stream));
}

VideoDemuxer::VideoDemuxer(std::string path, InputHandle input,
                           AVStream* stream)
    : path_(std::move(path)),
      input_(std::move(input)),
      stream_(stream),
      clock_(*input_, *stream_) {}

bool VideoDemuxer::Read(AVPacket& packet) {
  if (!ReadFromStream(packet)) return false;
  clock_.Continue(packet);
  return true;
}

absl::Status VideoDemuxer::Seek(int64_t pts) {
  if ((input_->iformat->flags & AVFMT_NOTIMESTAMPS) != 0 ||
      av_seek_frame(input_.get(), stream_->index, pts, AVSEEK_FLAG_BACKWARD) <
          0) {
    return absl::UnavailableError(
        absl::StrCat(path_, ": cannot be read from the middle"));
  }
  return absl::OkStatus();
}

bool VideoDemuxer::ReadFromStream(AVPacket& packet) {
  while (true) {
    av_packet_unref(&packet);
    const int error = av_read_frame(input_.get(), &packet);
    if (error == AVERROR(EAGAIN)) continue;
    if (error < 0) {
      has_failed_ = error != AVERROR_EOF ||
                    (input_->pb != nullptr && input_->pb->error < 0);
      return false;
    }
    DropAbsurdTimestamps(packet);
    const AVStream& source = *input_->streams[packet.stream_index];
    const int64_t shown =
        packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (shown != AV_NOPTS_VALUE) {
      const double end =
          (static_cast<double>(shown) + static_cast<double>(packet.duration)) *
          av_q2d(source.time_base);
      end_seconds_ = std::max(end_seconds_, end);
      if (&source == stream_) {
        stream_end_seconds_ = std::max(stream_end_seconds_, end);
      }
    }
    if (&source == stream_) return true;
  }
}

StreamScan VideoDemuxer::Scan() {
  std::vector<int64_t> pts;
  std::vector<int64_t> dts;
  int64_t num_packets = 0;
  int64_t num_frames = 0;
  int64_t end_position = -1;  // In the file, of the last packet.
  const PacketHandle packet(av_packet_alloc());
  while (Read(*packet)) {
    if (packet->pos >= 0) end_position = packet->pos + packet->size;
    if ((packet->flags & AV_PKT_FLAG_DISCARD) == 0) ++num_packets;
    if (!ShowsFrame(*packet, stream_->codecpar->codec_id)) continue;
    ++num_frames;
    if (packet->pts != AV_NOPTS_VALUE) pts.push_back(packet->pts);
    if (packet->dts != AV_NOPTS_VALUE) dts.push_back(packet->dts);
  }
  StreamScan scan = {
      .times = {.time_base = ToRational(stream_->time_base),
                .num_frames = num_frames,
                .nominal_rates = {
                    ToRational(stream_->avg_frame_rate),
                    ToRational(stream_->r_frame_rate),
                    ToRational(av_guess_frame_rate(input_.get(), stream_,
                                                   /*frame=*/nullptr))}}};
  if ((input_->iformat->flags & AVFMT_NOTIMESTAMPS) != 0) return scan;
  const auto expected = static_cast<size_t>(num_frames);
  if (pts.size() == expected) {
    scan.times.pts = std::move(pts);
  } else if (dts.size() == expected) {
    scan.times.pts = std::move(dts);
    scan.times.are_decode_times = true;
  }
  std::sort(scan.times.pts.begin(), scan.times.pts.end());
  if (IsCutWithinY4mFrame(end_position)) {
    scan.announced_frames = num_packets + 1;
  } else {
    scan.announced_frames = AnnouncedFrames(
        num_packets, static_cast<double>(LongestStep(scan.times.pts)) *
                         av_q2d(stream_->time_base));
  }
  return scan;
}

// FFmpeg takes half a frame for the end of the file.
bool VideoDemuxer::IsCutWithinY4mFrame(int64_t end_position) const {
  return end_position >= 0 && input_->pb != nullptr &&
         absl::string_view(input_->iformat->name) == "yuv4mpegpipe" &&
         avio_size(input_->pb) > end_position;
}

std::optional<int64_t> VideoDemuxer::AnnouncedFrames(
    int64_t num_packets, double longest_step_seconds) const {
  if (absl::StartsWith(input_->iformat->name, "mov")) {
    int64_t indexed = 0;
    const int entries = avformat_index_get_entries_count(stream_);
    for (int i = 0; i < entries; ++i) {
      const AVIndexEntry* entry = avformat_index_get_entry(stream_, i);
      if ((entry->flags & AVINDEX_DISCARD_FRAME) == 0) ++indexed;
    }
    if (indexed > num_packets) return indexed;
    return std::nullopt;
  }
  const double rate = av_q2d(stream_->avg_frame_rate);
  if (!(rate > 0)) return std::nullopt;
  const std::optional<double> tagged = TaggedEndSeconds(*stream_);
  const std::optional<double> end =
      tagged.has_value() ? tagged : HeaderEndSeconds(*input_);
  // The header's end may be that of a longer soundtrack.
  const double missing =
      end.value_or(0) -
      (tagged.has_value() ? stream_end_seconds_ : end_seconds_);
  // The last frame may last longer than its packet says.
  const double slack = 1.5 * std::max(1 / rate, longest_step_seconds);
  if (missing < slack && !has_failed_) return std::nullopt;
  const int64_t lost = std::max(0L, std::lround(missing * rate));
  return std::max(num_packets + lost, stream_->nb_frames);
}

}  // namespace encoder_bridge
