#include "encoder_bridge/video_reader.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/rational.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/display_geometry.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/ffmpeg_versions.h"
#include "encoder_bridge/frame_converter.h"
#include "encoder_bridge/frame_decoder.h"
#include "encoder_bridge/frame_timing.h"
#include "encoder_bridge/hdr_metadata.h"
#include "encoder_bridge/source_notes.h"
#include "encoder_bridge/video_demuxer.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader_options.h"

namespace encoder_bridge {
namespace {

// By how many seconds a frame may be early: what its timestamp was rounded to
// must not decide whether it is within the limits.
double LimitSlack(const FrameTiming& timing) {
  if (timing.is_constant) return 1e-6;
  return std::min(5e-4, timing.time_base.value() / 2);
}

PictureShape ShapeOf(AVFormatContext& input, AVStream& stream, AVFrame& frame) {
  PictureShape shape = {.width = frame.width, .height = frame.height};
  const AVRational ratio =
      av_guess_sample_aspect_ratio(&input, &stream, &frame);
  if (ratio.num > 0 && ratio.den > 0) {
    shape.sample_aspect_ratio = {ratio.num, ratio.den};
  }
  return shape;
}

// The frame's own matrix, as H.264 carries it, counts for the whole stream;
// the container's goes first.
Orientation DisplayOrientation(const AVStream& stream, const AVFrame& frame) {
  if (const int32_t* const matrix = DisplayMatrixOf(stream)) {
    return OrientationOf(matrix);
  }
  const AVFrameSideData* side_data =
      av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  if (side_data == nullptr) return {};
  // FFmpeg's side data is a buffer of its own, aligned for any type.
  return OrientationOf(reinterpret_cast<const int32_t*>(side_data->data));
}

}  // namespace

class VideoReader::Impl {
 public:
  Impl(std::string path, const VideoReaderOptions& options)
      : path_(std::move(path)), options_(options) {}

  absl::Status Open();
  absl::StatusOr<const VideoFrame*> Next();
  absl::Status Rewind();
  absl::Status StartAt(int64_t index, int64_t pts);

  const VideoFormat& format() const { return format_; }
  double OriginSeconds() const;
  const std::vector<std::string>& notes() const { return notes_.notes(); }

 private:
  // A decoded picture, not yet converted, and when it is shown.
  struct TimedPicture {
    FrameHandle picture = FrameHandle(av_frame_alloc());
    int64_t tick = 0;  // From the stream's first frame on.
  };

  absl::Status OpenDecoder(std::optional<int64_t> stream_pts);
  absl::Status StartDecoding();
  void SetFormat();
  void FindHdrMetadata(const AVFrame& picture);
  int64_t CountExpectedFrames(const FrameTimes& times) const;

  // Makes the next picture to return the upcoming one, if there is one.
  void DecodeUpcoming();
  int64_t TickOf(const AVFrame& picture);
  bool IsBeforeStart(int64_t tick) const;
  bool IsPastEnd(int64_t tick) const;
  int64_t DurationOfCurrent() const;
  absl::Status NothingToRead() const;

  void NoteDamage();

  const std::string path_;
  const VideoReaderOptions options_;
  VideoFormat format_;
  HdrMetadata hdr_;  // Found up to the first picture returned.
  FrameTiming timing_;
  std::optional<int64_t> announced_frames_;
  int64_t scanned_frames_ = 0;
  bool has_timed_packets_ = false;
  PictureShape first_stored_;  // Of the first picture returned.
  SourceNotes notes_;

  std::unique_ptr<FrameDecoder> decoder_;
  std::unique_ptr<FrameConverter> converter_;
  std::optional<int64_t> last_tick_;  // Of the last picture decoded.
  int64_t first_tick_ = 0;            // Of the first picture returned.
  int64_t first_pts_ = 0;             // The same, by the stream's clock.
  int64_t num_returned_ = 0;
  TimedPicture current_;
  TimedPicture upcoming_;
  bool has_upcoming_ = false;
  VideoFrame frame_;
};

absl::Status VideoReader::Impl::Open() {
  const absl::Status valid = Validate(options_);
  if (!valid.ok()) return valid;
  absl::StatusOr<std::unique_ptr<VideoDemuxer>> demuxer =
      VideoDemuxer::Open(path_);
  if (!demuxer.ok()) return demuxer.status();
  const StreamScan scan = (*demuxer)->Scan();
  demuxer->reset();
  timing_ = DetectFrameTiming(scan.times);
  announced_frames_ = scan.announced_frames;
  scanned_frames_ = scan.times.num_frames;
  has_timed_packets_ = !scan.times.pts.empty();
  const absl::Status started = StartDecoding();
  if (!started.ok()) return started;
  SetFormat();
  format_.expected_frames = CountExpectedFrames(scan.times);
  return absl::OkStatus();
}

// From the beginning, or for what is shown at `stream_pts`.
absl::Status VideoReader::Impl::OpenDecoder(std::optional<int64_t> stream_pts) {
  decoder_.reset();
  absl::StatusOr<std::unique_ptr<VideoDemuxer>> demuxer =
      VideoDemuxer::Open(path_);
  if (!demuxer.ok()) return demuxer.status();
  if (stream_pts) {
    const absl::Status sought = (*demuxer)->Seek(*stream_pts);
    if (!sought.ok()) return sought;
  }
  absl::StatusOr<std::unique_ptr<FrameDecoder>> decoder =
      FrameDecoder::Open(*std::move(demuxer), options_.decoder_threads);
  if (!decoder.ok()) return decoder.status();
  decoder_ = *std::move(decoder);
  last_tick_.reset();
  return absl::OkStatus();
}

absl::Status VideoReader::Impl::StartDecoding() {
  const absl::Status opened = OpenDecoder(/*stream_pts=*/std::nullopt);
  if (!opened.ok()) return opened;
  num_returned_ = 0;
  DecodeUpcoming();
  if (!has_upcoming_) return NothingToRead();
  first_tick_ = upcoming_.tick;
  first_pts_ = upcoming_.picture->pts;
  return absl::OkStatus();
}

absl::Status VideoReader::Impl::NothingToRead() const {
  if (decoder_->num_frames() == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(path_, ": no frame of its ", decoder_->codec_name(),
                     " video decodes: damaged or cut short"));
  }
  const double end =
      timing_.SecondsAt(last_tick_.value_or(0) + timing_.ticks_per_frame);
  return absl::InvalidArgumentError(absl::StrCat(
      path_, ": nothing is left after start ", options_.start_seconds,
      " s: the video ends at ", end, " s"));
}

// The grid of a constant rate is more exact than one rounded timestamp.
double VideoReader::Impl::OriginSeconds() const {
  const AVStream& stream = decoder_->demuxer().stream();
  if (!timing_.has_timestamps && first_pts_ != AV_NOPTS_VALUE) {
    return static_cast<double>(first_pts_) * av_q2d(stream.time_base);
  }
  const double elapsed = timing_.SecondsAt(first_tick_);
  if (has_timed_packets_) {
    return timing_.stream_origin * timing_.stream_time_base.value() + elapsed;
  }
  if (stream.start_time == AV_NOPTS_VALUE) return elapsed;
  return static_cast<double>(stream.start_time) * av_q2d(stream.time_base) +
         elapsed;
}

void VideoReader::Impl::SetFormat() {
  AVFrame& first = *upcoming_.picture;
  const VideoDemuxer& demuxer = decoder_->demuxer();
  const Orientation orientation = DisplayOrientation(demuxer.stream(), first);
  first_stored_ = ShapeOf(demuxer.input(), demuxer.stream(), first);
  const PictureShape shape =
      ScaledShape(Upright(first_stored_, orientation), options_.width,
                  options_.height, options_.only_shrink);
  format_ = {
      .width = shape.width,
      .height = shape.height,
      .time_base = timing_.time_base,
      .frame_rate = timing_.frame_rate,
      .sample_aspect_ratio = shape.sample_aspect_ratio,
      .bit_depth = options_.bit_depth.value_or(BitDepthOf(first) > 8 ? 10 : 8),
      .color = ConvertedColor(first),
      .hdr = hdr_};
  converter_ = std::make_unique<FrameConverter>(
      FrameConverter::Target{.width = shape.width,
                             .height = shape.height,
                             .bit_depth = format_.bit_depth,
                             .full_range = format_.color.full_range,
                             .orientation = orientation,
                             .threads = options_.decoder_threads});
  if (orientation.ignored_degrees != 0) {
    notes_.Add(absl::StrCat("display rotation by ", orientation.ignored_degrees,
                            " degrees is ignored"));
  }
  notes_.AddPicture(first, first_stored_, format_);
}

// The container goes first, then the first picture of the video that says it:
// that need not be the first that is read.
void VideoReader::Impl::FindHdrMetadata(const AVFrame& picture) {
  const AVStream& stream = decoder_->demuxer().stream();
  for (const HdrMetadata& found :
       {HdrMetadataOf(stream), HdrMetadataOf(picture)}) {
    if (!hdr_.mastering) hdr_.mastering = found.mastering;
    if (!hdr_.light) hdr_.light = found.light;
  }
  const std::string note = DynamicHdrNote(stream, picture);
  if (!note.empty()) notes_.Add(note);
}

int64_t VideoReader::Impl::CountExpectedFrames(const FrameTimes& times) const {
  int64_t count = 0;
  for (int64_t i = 0; i < times.num_frames; ++i) {
    const int64_t tick =
        times.pts.empty() ? i * timing_.ticks_per_frame
                          : timing_.TickAt(times.pts[static_cast<size_t>(i)]);
    if (!IsBeforeStart(tick) && !IsPastEnd(tick)) ++count;
  }
  return std::min(
      count, options_.max_frames.value_or(std::numeric_limits<int64_t>::max()));
}

// The end of what was asked for needs no care here: one picture beyond it
// tells how long the last one lasts.
void VideoReader::Impl::DecodeUpcoming() {
  do {
    has_upcoming_ = decoder_->Next(*upcoming_.picture);
    if (!has_upcoming_) {
      NoteDamage();
      return;
    }
    if (converter_ == nullptr) FindHdrMetadata(*upcoming_.picture);
    upcoming_.tick = TickOf(*upcoming_.picture);
    last_tick_ = upcoming_.tick;
  } while (IsBeforeStart(upcoming_.tick));
}

int64_t VideoReader::Impl::TickOf(const AVFrame& picture) {
  const int64_t pts = picture.best_effort_timestamp;
  if (!last_tick_.has_value()) {
    const bool is_timed = timing_.has_timestamps && pts != AV_NOPTS_VALUE;
    return is_timed ? std::max<int64_t>(0, timing_.TickAt(pts)) : 0;
  }
  const int64_t earliest =
      *last_tick_ + (timing_.is_constant ? timing_.ticks_per_frame : 1);
  if (!timing_.has_timestamps || pts == AV_NOPTS_VALUE) return earliest;
  return std::max(earliest, timing_.TickAt(pts));
}

bool VideoReader::Impl::IsBeforeStart(int64_t tick) const {
  return timing_.SecondsAt(tick) < options_.start_seconds - LimitSlack(timing_);
}

bool VideoReader::Impl::IsPastEnd(int64_t tick) const {
  if (!options_.duration_seconds.has_value()) return false;
  return timing_.SecondsAt(tick) >= options_.start_seconds +
                                        *options_.duration_seconds -
                                        LimitSlack(timing_);
}

absl::StatusOr<const VideoFrame*> VideoReader::Impl::Next() {
  if (!has_upcoming_ || IsPastEnd(upcoming_.tick) ||
      num_returned_ == options_.max_frames) {
    return nullptr;
  }
  std::swap(current_, upcoming_);
  DecodeUpcoming();
  AVFrame& picture = *current_.picture;
  notes_.AddPicture(picture, first_stored_, format_);
  const int64_t duration = DurationOfCurrent();
  const absl::Status converted = converter_->Convert(picture);
  if (!converted.ok()) return converted;
  ++num_returned_;
  frame_ = {.width = picture.width,
            .height = picture.height,
            .bit_depth = format_.bit_depth,
            .planes = {picture.data[0], picture.data[1], picture.data[2]},
            .strides = {picture.linesize[0], picture.linesize[1],
                        picture.linesize[2]},
            .pts = current_.tick - first_tick_,
            .duration = duration};
  return &frame_;
}

int64_t VideoReader::Impl::DurationOfCurrent() const {
  if (has_upcoming_) return upcoming_.tick - current_.tick;
  const int64_t own = DurationOf(*current_.picture);
  if (timing_.is_constant || own <= 0) return timing_.ticks_per_frame;
  const double seconds =
      static_cast<double>(own) * timing_.stream_time_base.value();
  return std::max<int64_t>(1,
                           std::llround(seconds / timing_.time_base.value()));
}

absl::Status VideoReader::Impl::Rewind() {
  if (num_returned_ == 0) return absl::OkStatus();
  return StartDecoding();
}

// An index may lead behind the frame: it knows when packets are decoded, not
// when their pictures are shown.
absl::Status VideoReader::Impl::StartAt(int64_t index, int64_t pts) {
  constexpr double kSecondsBefore[] = {0, 1, 10};
  if (!timing_.has_timestamps) {
    return absl::UnavailableError(absl::StrCat(path_, ": has no timestamps"));
  }
  if (index == 0) return Rewind();
  num_returned_ = index;
  const int64_t tick = first_tick_ + pts;
  for (const double seconds : kSecondsBefore) {
    const absl::Status opened =
        OpenDecoder(timing_.StreamPtsAt(tick) -
                    std::llround(seconds / timing_.stream_time_base.value()));
    if (!opened.ok()) return opened;
    do {
      DecodeUpcoming();
    } while (has_upcoming_ && upcoming_.tick < tick);
    if (has_upcoming_ && upcoming_.tick == tick) return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat(path_, ": no way to the frame at tick ", tick));
}

void VideoReader::Impl::NoteDamage() {
  const int64_t decoded = decoder_->num_frames();
  if (decoder_->num_errors() == 0 && !announced_frames_.has_value()) return;
  const int64_t wanted =
      std::max({decoded, scanned_frames_, announced_frames_.value_or(0)});
  notes_.Add(absl::StrCat("input is damaged or cut short: ", decoded, " of ",
                          wanted, " frames decoded"));
}

absl::StatusOr<std::unique_ptr<VideoReader>> VideoReader::Open(
    const std::string& path, const VideoReaderOptions& options) {
  auto impl = std::make_unique<Impl>(path, options);
  const absl::Status opened = impl->Open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<VideoReader>(new VideoReader(std::move(impl)));
}

VideoReader::VideoReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

VideoReader::~VideoReader() = default;

const VideoFormat& VideoReader::format() const { return impl_->format(); }

absl::StatusOr<const VideoFrame*> VideoReader::Next() { return impl_->Next(); }

absl::Status VideoReader::Rewind() { return impl_->Rewind(); }

absl::Status VideoReader::StartAt(int64_t index, int64_t pts) {
  return impl_->StartAt(index, pts);
}

double VideoReader::origin_seconds() const { return impl_->OriginSeconds(); }

const std::vector<std::string>& VideoReader::notes() const {
  return impl_->notes();
}

}  // namespace encoder_bridge
