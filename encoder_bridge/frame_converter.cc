#include "encoder_bridge/frame_converter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "encoder_bridge/display_geometry.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/filter_graph.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr char kSourceName[] = "buffer@decoded";
constexpr char kSinkName[] = "buffersink@converted";

const AVPixFmtDescriptor* DescriptorOf(const AVFrame& frame) {
  return av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
}

bool Is420(const AVFrame& frame, int bit_depth) {
  if (bit_depth > 8) return frame.format == AV_PIX_FMT_YUV420P10;
  return frame.format == AV_PIX_FMT_YUV420P ||
         frame.format == AV_PIX_FMT_YUVJ420P;
}

bool IsRgb(const AVPixFmtDescriptor& descriptor) {
  constexpr uint64_t kRgbFlags =
      AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER;
  return (descriptor.flags & kRgbFlags) != 0 ||
         absl::string_view(descriptor.name).substr(0, 3) == "xyz";
}

bool IsGray(const AVPixFmtDescriptor& descriptor) {
  return !IsRgb(descriptor) && descriptor.nb_components <= 2;
}

bool IsJpegYuv(int pixel_format) {
  switch (pixel_format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
      return true;
    default:
      return false;
  }
}

bool IsFullRange(const AVFrame& frame) {
  return frame.color_range == AVCOL_RANGE_JPEG || IsJpegYuv(frame.format);
}

// As libswscale has it: RGB, and grey that does not say, are full range.
bool IsFullRangeSource(const AVFrame& frame) {
  const AVPixFmtDescriptor& descriptor = *DescriptorOf(frame);
  if (IsRgb(descriptor)) return true;
  return IsFullRange(frame) ||
         (IsGray(descriptor) && frame.color_range == AVCOL_RANGE_UNSPECIFIED);
}

absl::Status FilterError(int error) {
  return absl::InternalError(
      absl::StrCat("a decoded picture cannot be converted to 4:2:0: ",
                   FfmpegErrorText(error)));
}

// Files of raw video may hold any number in the two bytes of a sample; libvpx
// reckons with those of the bit depth.
absl::Status LimitSamples(AVFrame& frame, int bit_depth) {
  const auto most = static_cast<uint16_t>((1 << bit_depth) - 1);
  for (int plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? frame.width : (frame.width + 1) / 2;
    const int height = plane == 0 ? frame.height : (frame.height + 1) / 2;
    for (int y = 0; y < height; ++y) {
      const auto row = [&] {
        return std::span(
            reinterpret_cast<uint16_t*>(frame.data[plane] +
                                        ptrdiff_t{y} * frame.linesize[plane]),
            static_cast<size_t>(width));
      };
      uint16_t all = 0;
      for (const uint16_t sample : row()) all |= sample;
      if (all <= most) continue;
      const int error = av_frame_make_writable(&frame);
      if (error < 0) return FilterError(error);
      for (uint16_t& sample : row()) sample = std::min(sample, most);
    }
  }
  return absl::OkStatus();
}

}  // namespace

int BitDepthOf(const AVFrame& frame) {
  const AVPixFmtDescriptor& descriptor = *DescriptorOf(frame);
  int depth = 0;
  for (int i = 0; i < descriptor.nb_components; ++i) {
    depth = std::max(depth, descriptor.comp[i].depth);
  }
  return depth;
}

ColorInfo ConvertedColor(const AVFrame& frame) {
  const bool is_rgb = IsRgb(*DescriptorOf(frame));
  return {.matrix = is_rgb ? AVCOL_SPC_SMPTE170M : frame.colorspace,
          .primaries = frame.color_primaries,
          .transfer = frame.color_trc,
          .full_range = !is_rgb && IsFullRange(frame)};
}

std::string ConversionNote(const AVFrame& frame, int bit_depth) {
  const AVPixFmtDescriptor& descriptor = *DescriptorOf(frame);
  const int depth = BitDepthOf(frame);
  const bool loses_bits = depth > bit_depth;
  const bool loses_chroma =
      !IsGray(descriptor) && !IsRgb(descriptor) &&
      (descriptor.log2_chroma_w < 1 || descriptor.log2_chroma_h < 1);
  const std::string target = loses_bits || IsRgb(descriptor)
                                 ? absl::StrCat(bit_depth, "-bit 4:2:0")
                                 : "4:2:0";
  std::string note = absl::StrCat(descriptor.name, " converted to ", target);
  if (loses_bits) note = absl::StrCat(depth, "-bit ", note);
  if (loses_bits && loses_chroma) {
    return absl::StrCat(note, ": bits and chroma resolution are lost");
  }
  if (loses_bits) return absl::StrCat(note, ": bits are lost");
  if (loses_chroma) return absl::StrCat(note, ": chroma resolution is lost");
  if ((descriptor.flags & AV_PIX_FMT_FLAG_ALPHA) != 0) {
    return absl::StrCat(note, ": transparency is lost");
  }
  return IsRgb(descriptor) || IsGray(descriptor) ? note : "";
}

FrameConverter::FrameConverter(Target target) : target_(std::move(target)) {}

absl::Status FrameConverter::Convert(AVFrame& frame) {
  if (!IsConverted(frame)) {
    const absl::Status filtered = Filter(frame);
    if (!filtered.ok()) return filtered;
  }
  return target_.bit_depth > 8 ? LimitSamples(frame, target_.bit_depth)
                               : absl::OkStatus();
}

absl::Status FrameConverter::Filter(AVFrame& frame) {
  const SourceFormat source = {.width = frame.width,
                               .height = frame.height,
                               .pixel_format = frame.format,
                               .color_range = frame.color_range,
                               .color_space = frame.colorspace};
  if (graph_ == nullptr || source != graph_source_) {
    const absl::Status built = BuildGraph(frame);
    if (!built.ok()) return built;
    graph_source_ = source;
  }
  // A graph moves the picture in and leaves `frame` blank.
  int error = av_buffersrc_add_frame(
      avfilter_graph_get_filter(graph_.get(), kSourceName), &frame);
  if (error < 0) return FilterError(error);
  error = av_buffersink_get_frame(
      avfilter_graph_get_filter(graph_.get(), kSinkName), &frame);
  if (error < 0) return FilterError(error);
  return absl::OkStatus();
}

bool FrameConverter::IsConverted(const AVFrame& frame) const {
  return Is420(frame, target_.bit_depth) &&
         target_.orientation.filters.empty() && frame.width == target_.width &&
         frame.height == target_.height &&
         IsFullRange(frame) == target_.full_range;
}

std::string FrameConverter::FilterChain(const AVFrame& frame) const {
  const bool is_turned = target_.orientation.swaps_sides;
  // Without full_chroma_inp the last column of an odd-sized RGB picture comes
  // out in a wrong colour.
  std::string chain = absl::StrFormat(
      "scale=w=%d:h=%d:flags=bicubic+accurate_rnd+full_chroma_inp:"
      "in_range=%s:out_range=%s",
      is_turned ? target_.height : target_.width,
      is_turned ? target_.width : target_.height,
      IsFullRangeSource(frame) ? "full" : "limited",
      target_.full_range ? "full" : "limited");
  if (IsRgb(*DescriptorOf(frame))) {
    absl::StrAppend(&chain, ":out_color_matrix=bt601");
  }
  absl::StrAppend(&chain,
                  ",format=", target_.bit_depth > 8 ? "yuv420p10" : "yuv420p");
  if (!target_.orientation.filters.empty()) {
    absl::StrAppend(&chain, ",", target_.orientation.filters);
  }
  return chain;
}

absl::Status FrameConverter::BuildGraph(const AVFrame& frame) {
  const std::string description = absl::StrFormat(
      "%s=width=%d:height=%d:pix_fmt=%d:time_base=1/1,%s,%s", kSourceName,
      frame.width, frame.height, frame.format, FilterChain(frame), kSinkName);
  const int error = BuildFilterGraph(description, target_.threads, graph_);
  return error < 0 ? FilterError(error) : absl::OkStatus();
}

}  // namespace encoder_bridge
