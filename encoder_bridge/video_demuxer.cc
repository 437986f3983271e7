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
#include "encoder_bridge/input_file.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

struct FreeDictionary {
  void operator()(AVDictionary* options) const { av_dict_free(&options); }
};
using OptionsHandle = std::unique_ptr<AVDictionary, FreeDictionary>;

// Only this file, and its name taken literally.
OptionsHandle LocalFileOptions() {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "pattern_type", "none", 0);  // Of image2: no "%d".
  return OptionsHandle(options);
}

absl::Status Unreadable(const std::string& path, int error) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": cannot be read as a video: ", FfmpegErrorText(error)));
}

// These "demuxers" render text, or read other files or the network.
bool IsVideoContainer(const AVInputFormat& format) {
  constexpr absl::string_view kRefused[] = {
      "adf", "bin",  "concat", "dash",   "hls",  "idf", "imf",
      "rtp", "rtsp", "sdp",    "vobsub", "xbin", "tty"};
  const std::string names = absl::StrCat(",", format.name, ",");
  return std::none_of(std::begin(kRefused), std::end(kRefused),
                      [&names](absl::string_view name) {
                        return absl::StrContains(names,
                                                 absl::StrCat(",", name, ","));
                      });
}

absl::StatusOr<const AVInputFormat*> ProbeFormat(const std::string& path,
                                                 const std::string& url) {
  OptionsHandle options = LocalFileOptions();
  AVDictionary* raw_options = options.release();
  AVIOContext* file = nullptr;
  int error = avio_open2(&file, url.c_str(), AVIO_FLAG_READ,
                         /*int_cb=*/nullptr, &raw_options);
  options.reset(raw_options);
  if (error < 0) return Unreadable(path, error);
  const AVInputFormat* format = nullptr;
  error = av_probe_input_buffer2(file, &format, url.c_str(),
                                 /*logctx=*/nullptr, /*offset=*/0,
                                 /*max_probe_size=*/0);
  avio_closep(&file);
  if (error < 0) return Unreadable(path, error);
  if (!IsVideoContainer(*format)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is not a video (", format->long_name, ")"));
  }
  return format;
}

absl::StatusOr<InputHandle> OpenInput(const std::string& path) {
  const std::string url = absl::StrCat("file:", path);
  const absl::StatusOr<const AVInputFormat*> format = ProbeFormat(path, url);
  if (!format.ok()) return format.status();
  OptionsHandle options = LocalFileOptions();
  AVDictionary* raw_options = options.release();
  AVFormatContext* raw_input = nullptr;
  int error =
      avformat_open_input(&raw_input, url.c_str(), *format, &raw_options);
  options.reset(raw_options);
  if (error < 0) return Unreadable(path, error);
  InputHandle input(raw_input);
  error = avformat_find_stream_info(input.get(), /*options=*/nullptr);
  if (error < 0) return Unreadable(path, error);
  return input;
}

AVStream* FirstVideoStream(const AVFormatContext& input) {
  constexpr int kPictures =
      AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    AVStream* stream = input.streams[i];
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
        (stream->disposition & kPictures) == 0) {
      return stream;
    }
  }
  return nullptr;
}

// Whether a frame comes of this packet.  VP8 keeps its hidden alt-ref frames
// in packets of their own; other formats tie them to a shown frame.
bool ShowsFrame(const AVPacket& packet, AVCodecID codec) {
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return false;
  return codec != AV_CODEC_ID_VP8 || packet.size < 1 ||
         (packet.data[0] & 0x10) != 0;
}

// Of a damaged file: their differences would not fit into 64 bits.
void DropAbsurdTimestamps(AVPacket& packet) {
  constexpr int64_t kLatest = int64_t{1} << 61;
  for (int64_t* time : {&packet.pts, &packet.dts}) {
    if (*time > kLatest || *time < -kLatest) *time = AV_NOPTS_VALUE;
  }
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
  const absl::Status checked = CheckInputFile(path);
  if (!checked.ok()) return checked;
  absl::StatusOr<InputHandle> input = OpenInput(path);
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
    : path_(std::move(path)), input_(std::move(input)), stream_(stream) {}

bool VideoDemuxer::Read(AVPacket& packet) {
  if (!ReadFromStream(packet)) return false;
  ContinueTimestamps(packet);
  return true;
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

void VideoDemuxer::ContinueTimestamps(AVPacket& packet) {
  constexpr double kLargestStepBack = 0.1;  // Seconds.
  constexpr double kLargestStep = 10;       // Seconds, as in ffmpeg.
  if ((input_->iformat->flags & AVFMT_TS_DISCONT) == 0) return;
  if (packet.dts == AV_NOPTS_VALUE) {
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += offset_;
    return;
  }
  if (last_dts_.has_value()) {
    const int64_t step = packet.dts + offset_ - *last_dts_;
    const double seconds =
        static_cast<double>(step) * av_q2d(stream_->time_base);
    if (seconds < -kLargestStepBack || seconds > kLargestStep) {
      offset_ += last_step_ - step;
    } else if (step > 0) {
      last_step_ = step;
    }
  }
  packet.dts += offset_;
  if (packet.pts != AV_NOPTS_VALUE) packet.pts += offset_;
  last_dts_ = packet.dts;
}

StreamScan VideoDemuxer::Scan() {
  std::vector<int64_t> pts;
  std::vector<int64_t> dts;
  int64_t num_packets = 0;
  int64_t num_frames = 0;
  const PacketHandle packet(av_packet_alloc());
  while (Read(*packet)) {
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
  scan.announced_frames = AnnouncedFrames(
      num_packets, static_cast<double>(LongestStep(scan.times.pts)) *
                       av_q2d(stream_->time_base));
  return scan;
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
