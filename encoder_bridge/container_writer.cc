#include "encoder_bridge/container_writer.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/byte_sink.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/hdr_metadata.h"
#include "encoder_bridge/media_tags.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr int kIoBufferBytes = 1 << 16;

// What the muxer hands over to be written: const since FFmpeg 7.
using MuxedByte = std::conditional_t<(LIBAVFORMAT_VERSION_MAJOR >= 61),
                                     const uint8_t, uint8_t>;

AVRational ToAv(Rational r) { return {r.num, r.den}; }

// By how many samples the muxer is to write this stream's packets later than
// they are heard, for what the decoder drops at their start.  Matroska counts
// that in; FFmpeg's muxer does it by itself since FFmpeg 6.
int64_t MissingDelay(Container container, const AVCodecParameters& codec) {
  const bool is_matroska =
      container == Container::kWebm || container == Container::kMatroska;
  const bool is_done = avformat_version() > AV_VERSION_INT(59, 30, 100);
  if (!is_matroska || is_done || codec.codec_id != AV_CODEC_ID_OPUS) return 0;
  return codec.initial_padding;
}

void SetTags(const Tags& tags, AVDictionary*& dictionary) {
  for (const auto& [name, value] : tags) {
    av_dict_set(&dictionary, name.c_str(), value.c_str(), 0);
  }
}

}  // namespace

class ContainerWriter::Impl {
 public:
  Impl(std::string path, std::unique_ptr<ByteSink> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  ~Impl() {
    av_packet_free(&packet_);
    if (context_ != nullptr && context_->pb != nullptr) {
      av_freep(&context_->pb->buffer);
      avio_context_free(&context_->pb);
    }
    avformat_free_context(context_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status WriteHeader(const OutputFormat& format) {
    container_ = format.container;
    // MP4's muxer reads back what it wrote, by this name.
    const std::string url =
        absl::StrCat("file:", PendingFile::TemporaryPath(path_));
    int error = avformat_alloc_output_context2(
        &context_, nullptr, MuxerOf(container_), url.c_str());
    if (error < 0) {
      return MuxerError(error, absl::StrCat("cannot set up ", Name()));
    }
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
    context_->pb = avio_alloc_context(buffer, kIoBufferBytes, /*write_flag=*/1,
                                      this, nullptr, &WriteBytes,
                                      file_->is_seekable() ? &Seek : nullptr);
    packet_ = av_packet_alloc();
    stream_ = avformat_new_stream(context_, nullptr);
    if (context_->pb == nullptr || packet_ == nullptr || stream_ == nullptr) {
      return NoMemory();
    }
    // No random identifiers: the same encode is the same file.
    context_->flags |= AVFMT_FLAG_BITEXACT;
    // Whoever reads a stream wants it as it comes.
    if (!file_->is_seekable()) context_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    // Frame 0 is at 0: what an audio codec needs before that is not to move it.
    context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    DescribeVideo(format.video, format.tags.video);
    if (SetHdrMetadata(format.video.hdr, *stream_) < 0) return NoMemory();
    for (const OutputFormat::Audio& audio : format.audio) {
      const absl::Status added = AddAudio(audio);
      if (!added.ok()) return added;
    }
    SetTags(format.tags.tags, context_->metadata);
    const absl::Status chapters = SetChapters(format.tags.chapters);
    if (!chapters.ok()) return chapters;
    AVDictionary* options = nullptr;
    // So that playing begins before all is loaded.
    av_dict_set(&options, "movflags", "+faststart", 0);
    error = avformat_write_header(context_, &options);
    av_dict_free(&options);
    return MuxerError(error,
                      absl::StrCat("cannot write the ", Name(), " header"));
  }

  absl::Status Write(const EncodedPacket& packet) {
    // The muxer takes its own reference, so it gets its own copy.
    int error = av_new_packet(packet_, static_cast<int>(packet.data.size()));
    if (error < 0) return MuxerError(error, "no memory for a packet");
    std::copy(packet.data.begin(), packet.data.end(), packet_->data);
    packet_->stream_index = stream_->index;
    packet_->pts = packet.pts;
    packet_->dts = packet.pts;
    packet_->duration = packet.duration;
    if (packet.is_key) packet_->flags |= AV_PKT_FLAG_KEY;
    return Mux(*packet_, time_bases_[0]);
  }

  absl::Status WriteAudio(int track, AVPacket& packet) {
    const size_t index = static_cast<size_t>(track) + 1;
    packet.stream_index = track + 1;
    packet.pts += delays_[index];
    packet.dts += delays_[index];
    return Mux(packet, time_bases_[index]);
  }

  absl::StatusOr<int64_t> Finish() {
    is_finished_ = true;
    const int error = av_write_trailer(context_);
    if (error >= 0) avio_flush(context_->pb);
    const absl::Status status =
        MuxerError(error, absl::StrCat("cannot finish the ", Name()));
    if (!status.ok()) return status;
    return end_;
  }

  absl::Status Commit() {
    if (!is_finished_) {
      const absl::StatusOr<int64_t> size = Finish();
      if (!size.ok()) return size.status();
    }
    return file_->Commit();
  }

 private:
  absl::Status Mux(AVPacket& packet, AVRational time_base) {
    av_packet_rescale_ts(&packet, time_base,
                         context_->streams[packet.stream_index]->time_base);
    const int error = av_interleaved_write_frame(context_, &packet);
    return MuxerError(error, "cannot write a packet");
  }

  absl::Status AddAudio(const OutputFormat::Audio& audio) {
    AVStream* stream = avformat_new_stream(context_, nullptr);
    if (stream == nullptr ||
        avcodec_parameters_copy(stream->codecpar, audio.codec) < 0) {
      return NoMemory();
    }
    stream->codecpar->codec_tag = 0;  // Each container has its own.
    stream->time_base = {1, audio.codec->sample_rate};
    stream->disposition = audio.tags.disposition;
    SetTags(audio.tags.tags, stream->metadata);
    for (const auto& [name, value] : audio.tags.tags) {
      // Where MP4 has the title of a track.
      if (name == "title" && container_ == Container::kMp4) {
        av_dict_set(&stream->metadata, "handler_name", value.c_str(), 0);
      }
    }
    time_bases_.push_back(stream->time_base);
    delays_.push_back(MissingDelay(container_, *stream->codecpar));
    return absl::OkStatus();
  }

  absl::Status SetChapters(const std::vector<Chapter>& chapters) {
    if (chapters.empty()) return absl::OkStatus();
    context_->chapters = static_cast<AVChapter**>(
        av_calloc(chapters.size(), sizeof(AVChapter*)));
    if (context_->chapters == nullptr) return NoMemory();
    for (const Chapter& chapter : chapters) {
      auto* written = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
      if (written == nullptr) return NoMemory();
      context_->chapters[context_->nb_chapters++] = written;
      written->id = context_->nb_chapters;
      written->time_base = {1, 1'000'000'000};
      written->start = chapter.start_ns;
      written->end = chapter.end_ns;
      SetTags(chapter.tags, written->metadata);
    }
    return absl::OkStatus();
  }

  void DescribeVideo(const VideoFormat& format, const StreamTags& tags) {
    SetTags(tags.tags, stream_->metadata);
    time_bases_ = {ToAv(format.time_base)};
    delays_ = {0};
    stream_->time_base = ToAv(format.time_base);
    stream_->avg_frame_rate = ToAv(format.frame_rate);
    stream_->sample_aspect_ratio = ToAv(format.sample_aspect_ratio);
    AVCodecParameters& codec = *stream_->codecpar;
    codec.codec_type = AVMEDIA_TYPE_VIDEO;
    codec.codec_id = AV_CODEC_ID_VP9;
    const bool is_deep = format.bit_depth > 8;
    codec.format = is_deep ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
    codec.profile = is_deep ? FF_PROFILE_VP9_2 : FF_PROFILE_VP9_0;
    codec.width = format.width;
    codec.height = format.height;
    codec.sample_aspect_ratio = ToAv(format.sample_aspect_ratio);
    codec.color_space = static_cast<AVColorSpace>(format.color.matrix);
    codec.color_primaries =
        static_cast<AVColorPrimaries>(format.color.primaries);
    codec.color_trc =
        static_cast<AVColorTransferCharacteristic>(format.color.transfer);
    codec.color_range =
        format.color.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  }

  // FFmpeg knows only that a callback failed: the file's own error says why.
  absl::Status MuxerError(int error, absl::string_view what) {
    if (!io_status_.ok()) return io_status_;
    if (error >= 0) return absl::OkStatus();
    return absl::UnknownError(
        absl::StrCat(path_, ": ", what, ": ", FfmpegErrorText(error)));
  }

  absl::Status NoMemory() const {
    return absl::ResourceExhaustedError(
        absl::StrCat("no memory for the ", Name(), " muxer"));
  }

  std::string Name() const { return NameOf(container_); }

  static int WriteBytes(void* opaque, MuxedByte* data, int size) noexcept {
    auto& self = *static_cast<Impl*>(opaque);
    if (self.io_status_.ok()) {
      self.io_status_ =
          self.file_->Write(std::span(data, static_cast<size_t>(size)));
    }
    if (!self.io_status_.ok()) return AVERROR(EIO);
    self.position_ += size;
    self.end_ = std::max(self.end_, self.position_);
    return size;
  }

  static int64_t Seek(void* opaque, int64_t offset, int whence) noexcept {
    auto& self = *static_cast<Impl*>(opaque);
    switch (whence & ~AVSEEK_FORCE) {
      case AVSEEK_SIZE:
        return self.end_;
      case SEEK_CUR:
        offset += self.position_;
        break;
      case SEEK_END:
        offset += self.end_;
        break;
      default:
        break;
    }
    if (self.io_status_.ok()) self.io_status_ = self.file_->SeekTo(offset);
    if (!self.io_status_.ok()) return AVERROR(EIO);
    self.position_ = offset;
    return offset;
  }

  const std::string path_;
  const std::unique_ptr<ByteSink> file_;
  int64_t position_ = 0;  // Bytes from the start of the file.
  int64_t end_ = 0;       // Size of the file so far.
  bool is_finished_ = false;
  absl::Status io_status_;
  AVFormatContext* context_ = nullptr;
  Container container_ = Container::kWebm;
  AVStream* stream_ = nullptr;  // The video's; owned by context_.
  AVPacket* packet_ = nullptr;
  // Of each stream.
  std::vector<AVRational> time_bases_;  // Of the packets that come.
  std::vector<int64_t> delays_;         // Added to their timestamps.
};

absl::StatusOr<std::unique_ptr<ContainerWriter>> ContainerWriter::Create(
    const std::string& path, const OutputFormat& format) {
  absl::StatusOr<std::unique_ptr<PendingFile>> file = PendingFile::Create(path);
  if (!file.ok()) return file.status();
  auto impl = std::make_unique<Impl>(path, *std::move(file));
  const absl::Status status = impl->WriteHeader(format);
  if (!status.ok()) return status;
  return std::unique_ptr<ContainerWriter>(new ContainerWriter(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<ContainerWriter>> ContainerWriter::CreateStream(
    std::unique_ptr<ByteSink> sink, const std::string& name,
    const OutputFormat& format) {
  if (format.container != Container::kWebm &&
      format.container != Container::kMatroska) {
    return absl::InvalidArgumentError(absl::StrCat(
        NameOf(format.container), " cannot be streamed to ", name));
  }
  auto impl = std::make_unique<Impl>(name, std::move(sink));
  const absl::Status status = impl->WriteHeader(format);
  if (!status.ok()) return status;
  return std::unique_ptr<ContainerWriter>(new ContainerWriter(std::move(impl)));
}

ContainerWriter::ContainerWriter(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

ContainerWriter::~ContainerWriter() = default;

absl::Status ContainerWriter::Write(const EncodedPacket& packet) {
  return impl_->Write(packet);
}

absl::Status ContainerWriter::WriteAudio(int track, AVPacket& packet) {
  return impl_->WriteAudio(track, packet);
}

absl::StatusOr<int64_t> ContainerWriter::Finish() { return impl_->Finish(); }

absl::Status ContainerWriter::Commit() { return impl_->Commit(); }

}  // namespace encoder_bridge
