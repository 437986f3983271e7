#include "encoder_bridge/audio_converter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/mathematics.h>
#include <libavutil/samplefmt.h>
}

#include <array>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/filter_graph.h"
#include "encoder_bridge/opus_encoder.h"

namespace encoder_bridge {
namespace {

constexpr char kSourceName[] = "abuffer@decoded";
constexpr char kSinkName[] = "abuffersink@converted";

absl::Status FilterError(int error) {
  return absl::InternalError(absl::StrCat("decoded sound cannot be converted: ",
                                          FfmpegErrorText(error)));
}

// A layout that does not say which channels it has is taken for the usual one
// with as many.
std::string LayoutName(const AVFrame& frame) {
  AVChannelLayout usual = {};
  const AVChannelLayout* layout = &frame.ch_layout;
  if (layout->order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&usual, layout->nb_channels);
    layout = &usual;
  }
  std::array<char, 256> name = {};
  av_channel_layout_describe(layout, name.data(), name.size());
  return name.data();
}

absl::Status Drain(AVFilterGraph& graph) {
  const int error = av_buffersrc_add_frame(
      avfilter_graph_get_filter(&graph, kSourceName), nullptr);
  return error < 0 ? FilterError(error) : absl::OkStatus();
}

}  // namespace

absl::Status AudioConverter::Push(AVFrame& frame) {
  const Source source = {.sample_rate = frame.sample_rate,
                         .sample_format = frame.format,
                         .layout = LayoutName(frame)};
  if (graph_ == nullptr || source != source_) {
    if (graph_ != nullptr) {
      const absl::Status drained = Drain(*graph_);
      if (!drained.ok()) return drained;
      old_graph_ = std::move(graph_);
    }
    const absl::Status built = BuildGraph(source);
    if (!built.ok()) return built;
    source_ = source;
  }
  AVFilterContext* input = avfilter_graph_get_filter(graph_.get(), kSourceName);
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&frame.ch_layout, frame.ch_layout.nb_channels);
  }
  const int error = av_buffersrc_add_frame(input, &frame);
  return error < 0 ? FilterError(error) : absl::OkStatus();
}

absl::Status AudioConverter::Finish() {
  return graph_ == nullptr ? absl::OkStatus() : Drain(*graph_);
}

absl::StatusOr<bool> AudioConverter::Pull(AVFrame& frame) {
  for (FilterGraphHandle* graph : {&old_graph_, &graph_}) {
    if (*graph == nullptr) continue;
    AVFilterContext* sink = avfilter_graph_get_filter(graph->get(), kSinkName);
    av_frame_unref(&frame);
    const int error = av_buffersink_get_frame(sink, &frame);
    if (error >= 0) {
      if (frame.pts != AV_NOPTS_VALUE) {
        frame.pts = av_rescale_q(frame.pts, av_buffersink_get_time_base(sink),
                                 {1, OpusEncoder::kSampleRate});
      }
      return true;
    }
    if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) {
      return FilterError(error);
    }
    if (graph == &old_graph_) old_graph_.reset();
  }
  return false;
}

absl::Status AudioConverter::BuildGraph(const Source& source) {
  const std::string description = absl::StrFormat(
      "%s=time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s,"
      "aformat=sample_fmts=flt:sample_rates=%d:channel_layouts=%s,%s",
      kSourceName, source.sample_rate, source.sample_rate,
      av_get_sample_fmt_name(static_cast<AVSampleFormat>(source.sample_format)),
      source.layout, OpusEncoder::kSampleRate, OpusEncoder::LayoutOf(channels_),
      kSinkName);
  const int error = BuildFilterGraph(description, /*threads=*/1, graph_);
  return error < 0 ? FilterError(error) : absl::OkStatus();
}

}  // namespace encoder_bridge
