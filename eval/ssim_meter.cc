#include "eval/ssim_meter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
}

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/video_frame.h"

namespace eval {
namespace {

constexpr int kMinSize = 16;  // Two 4x4 windows across 4:2:0 chroma.

struct FrameDeleter {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct GraphDeleter {
  void operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
};
using FramePtr = std::unique_ptr<AVFrame, FrameDeleter>;
using GraphPtr = std::unique_ptr<AVFilterGraph, GraphDeleter>;

absl::Status FilterError(int error) {
  return absl::InternalError(
      absl::StrCat("FFmpeg's ssim filter failed with error ", error));
}

}  // namespace

class SsimMeter::Impl {
 public:
  absl::Status Open(int width, int height, int bit_depth) {
    width_ = width;
    height_ = height;
    format_ = bit_depth > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
    graph_.reset(avfilter_graph_alloc());
    if (graph_ == nullptr) return absl::ResourceExhaustedError("no memory");
    graph_->nb_threads = 1;  // Many meters run side by side.
    const std::string source_args =
        absl::StrCat("video_size=", width, "x", height, ":pix_fmt=", format_,
                     ":time_base=1/1:pixel_aspect=1/1");
    AVFilterContext* ssim = nullptr;
    const struct {
      AVFilterContext** context;
      const char* filter;
      const char* name;
      const char* args;
    } kFilters[] = {
        {&decoded_, "buffer", "decoded", source_args.c_str()},
        {&reference_, "buffer", "reference", source_args.c_str()},
        {&ssim, "ssim", "ssim", nullptr},
        {&sink_, "buffersink", "sink", nullptr},
    };
    for (const auto& f : kFilters) {
      const int error = avfilter_graph_create_filter(
          f.context, avfilter_get_by_name(f.filter), f.name, f.args, nullptr,
          graph_.get());
      if (error < 0) return FilterError(error);
    }
    int error = avfilter_link(decoded_, 0, ssim, 0);
    if (error >= 0) error = avfilter_link(reference_, 0, ssim, 1);
    if (error >= 0) error = avfilter_link(ssim, 0, sink_, 0);
    if (error >= 0) error = avfilter_graph_config(graph_.get(), nullptr);
    return error < 0 ? FilterError(error) : absl::OkStatus();
  }

  absl::StatusOr<double> Measure(const encoder_bridge::VideoFrame& decoded,
                                 const encoder_bridge::VideoFrame& reference) {
    absl::Status status = Push(decoded_, decoded);
    if (status.ok()) status = Push(reference_, reference);
    if (!status.ok()) return status;
    ++pts_;
    const FramePtr frame(av_frame_alloc());
    const int error = av_buffersink_get_frame(sink_, frame.get());
    if (error < 0) return FilterError(error);
    const AVDictionaryEntry* entry =
        av_dict_get(frame->metadata, "lavfi.ssim.All", nullptr, 0);
    double ssim = 0;
    if (entry == nullptr || !absl::SimpleAtod(entry->value, &ssim)) {
      return absl::InternalError("FFmpeg's ssim filter gave no number");
    }
    return ssim;
  }

 private:
  absl::Status Push(AVFilterContext* source,
                    const encoder_bridge::VideoFrame& picture) {
    const FramePtr frame(av_frame_alloc());
    frame->format = format_;
    frame->width = width_;
    frame->height = height_;
    frame->pts = pts_;
    int error = av_frame_get_buffer(frame.get(), 0);
    if (error < 0) return FilterError(error);
    const uint8_t* planes[4] = {picture.planes[0], picture.planes[1],
                                picture.planes[2], nullptr};
    const int strides[4] = {picture.strides[0], picture.strides[1],
                            picture.strides[2], 0};
    av_image_copy(frame->data, frame->linesize, planes, strides, format_,
                  width_, height_);
    error = av_buffersrc_add_frame(source, frame.get());
    return error < 0 ? FilterError(error) : absl::OkStatus();
  }

  int width_ = 0;
  int height_ = 0;
  AVPixelFormat format_ = AV_PIX_FMT_YUV420P;
  int64_t pts_ = 0;
  GraphPtr graph_;
  AVFilterContext* decoded_ = nullptr;  // Owned by graph_, as are these.
  AVFilterContext* reference_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};

absl::StatusOr<std::unique_ptr<SsimMeter>> SsimMeter::Create(int width,
                                                             int height,
                                                             int bit_depth) {
  if (width < kMinSize || height < kMinSize) {
    return absl::FailedPreconditionError(
        absl::StrCat("SSIM needs pictures of at least ", kMinSize, "x",
                     kMinSize, ", these are ", width, "x", height));
  }
  auto impl = std::make_unique<Impl>();
  const absl::Status status = impl->Open(width, height, bit_depth);
  if (!status.ok()) return status;
  return std::unique_ptr<SsimMeter>(new SsimMeter(std::move(impl)));
}

SsimMeter::SsimMeter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SsimMeter::~SsimMeter() = default;

absl::StatusOr<double> SsimMeter::Measure(
    const encoder_bridge::VideoFrame& decoded,
    const encoder_bridge::VideoFrame& reference) {
  return impl_->Measure(decoded, reference);
}

}  // namespace eval
