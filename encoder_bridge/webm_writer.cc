#include "encoder_bridge/webm_writer.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

}  // namespace

class WebmWriter::Impl {
 public:
  Impl(std::string path, std::unique_ptr<PendingFile> file)
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

  absl::Status WriteHeader(const VideoFormat& format) {
    int error = avformat_alloc_output_context2(&context_, nullptr, "webm",
                                               path_.c_str());
    if (error < 0) return MuxerError(error, "cannot set up WebM");
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
    context_->pb = avio_alloc_context(buffer, kIoBufferBytes, /*write_flag=*/1,
                                      this, nullptr, &WriteBytes, &Seek);
    packet_ = av_packet_alloc();
    stream_ = avformat_new_stream(context_, nullptr);
    if (context_->pb == nullptr || packet_ == nullptr || stream_ == nullptr) {
      return absl::ResourceExhaustedError("no memory for the WebM muxer");
    }
    // No random identifiers: the same encode is the same file.
    context_->flags |= AVFMT_FLAG_BITEXACT;
    DescribeStream(format);
    time_base_ = ToAv(format.time_base);
    error = avformat_write_header(context_, nullptr);
    return MuxerError(error, "cannot write the WebM header");
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
    av_packet_rescale_ts(packet_, time_base_, stream_->time_base);
    error = av_interleaved_write_frame(context_, packet_);
    return MuxerError(error, "cannot write a packet");
  }

  absl::Status Commit() {
    const int error = av_write_trailer(context_);
    if (error >= 0) avio_flush(context_->pb);
    const absl::Status status = MuxerError(error, "cannot finish the WebM");
    if (!status.ok()) return status;
    return file_->Commit();
  }

 private:
  void DescribeStream(const VideoFormat& format) {
    stream_->time_base = ToAv(format.time_base);
    stream_->avg_frame_rate = ToAv(format.frame_rate);
    stream_->sample_aspect_ratio = ToAv(format.sample_aspect_ratio);
    AVCodecParameters& codec = *stream_->codecpar;
    codec.codec_type = AVMEDIA_TYPE_VIDEO;
    codec.codec_id = AV_CODEC_ID_VP9;
    codec.format = AV_PIX_FMT_YUV420P;
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
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text = {};
    av_strerror(error, text.data(), text.size());
    return absl::UnknownError(
        absl::StrCat(path_, ": ", what, ": ", text.data()));
  }

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
  const std::unique_ptr<PendingFile> file_;
  int64_t position_ = 0;  // Bytes from the start of the file.
  int64_t end_ = 0;       // Size of the file so far.
  absl::Status io_status_;
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;  // Owned by context_.
  AVPacket* packet_ = nullptr;
  AVRational time_base_ = {1, 30};
};

absl::StatusOr<std::unique_ptr<WebmWriter>> WebmWriter::Create(
    const std::string& path, const VideoFormat& format) {
  absl::StatusOr<std::unique_ptr<PendingFile>> file = PendingFile::Create(path);
  if (!file.ok()) return file.status();
  auto impl = std::make_unique<Impl>(path, *std::move(file));
  const absl::Status status = impl->WriteHeader(format);
  if (!status.ok()) return status;
  return std::unique_ptr<WebmWriter>(new WebmWriter(std::move(impl)));
}

WebmWriter::WebmWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebmWriter::~WebmWriter() = default;

absl::Status WebmWriter::Write(const EncodedPacket& packet) {
  return impl_->Write(packet);
}

absl::Status WebmWriter::Commit() { return impl_->Commit(); }

}  // namespace encoder_bridge
