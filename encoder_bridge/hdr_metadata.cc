#include "encoder_bridge/hdr_metadata.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mem.h>
#include <libavutil/rational.h>
}

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "encoder_bridge/rational.h"

namespace encoder_bridge {
namespace {

Rational FromAv(AVRational r) { return {r.num, r.den}; }
AVRational ToAv(Rational r) { return {r.num, r.den}; }

// `data` is FFmpeg's own buffer, aligned for any type; null if there is none.
HdrMetadata FromAv(const uint8_t* mastering, const uint8_t* light) {
  HdrMetadata metadata;
  if (mastering != nullptr) {
    const auto& av =
        *reinterpret_cast<const AVMasteringDisplayMetadata*>(mastering);
    MasteringDisplay& display = metadata.mastering.emplace();
    if (av.has_primaries != 0) {
      MasteringDisplay::Colors& colors = display.colors.emplace();
      for (size_t i = 0; i < 2; ++i) {
        colors.white[i] = FromAv(av.white_point[i]);
        for (size_t color = 0; color < 3; ++color) {
          colors.rgb[color][i] = FromAv(av.display_primaries[color][i]);
        }
      }
    }
    if (av.has_luminance != 0) {
      display.luminance = {.min = FromAv(av.min_luminance),
                           .max = FromAv(av.max_luminance)};
    }
  }
  if (light != nullptr) {
    const auto& av = *reinterpret_cast<const AVContentLightMetadata*>(light);
    metadata.light = {.max_content = av.MaxCLL,
                      .max_frame_average = av.MaxFALL};
  }
  return metadata;
}

const uint8_t* SideDataOf(const AVFrame& picture, AVFrameSideDataType type) {
  const AVFrameSideData* data = av_frame_get_side_data(&picture, type);
  return data == nullptr ? nullptr : data->data;
}

AVMasteringDisplayMetadata ToAv(const MasteringDisplay& display) {
  AVMasteringDisplayMetadata av = {};
  if (display.colors) {
    av.has_primaries = 1;
    for (size_t i = 0; i < 2; ++i) {
      av.white_point[i] = ToAv(display.colors->white[i]);
      for (size_t color = 0; color < 3; ++color) {
        av.display_primaries[color][i] = ToAv(display.colors->rgb[color][i]);
      }
    }
  }
  if (display.luminance) {
    av.has_luminance = 1;
    av.min_luminance = ToAv(display.luminance->min);
    av.max_luminance = ToAv(display.luminance->max);
  }
  return av;
}

// Hands `data`, of av_malloc(), over to `stream`.
template <typename Data>
int Add(AVStream& stream, AVPacketSideDataType type, Data* data, size_t size,
        const Data& value) {
  if (data == nullptr) return AVERROR(ENOMEM);
  *data = value;
  const int error = av_stream_add_side_data(
      &stream, type, reinterpret_cast<uint8_t*>(data), size);
  if (error < 0) av_free(data);
  return error;
}

}  // namespace

HdrMetadata HdrMetadataOf(const AVStream& stream) {
  return FromAv(
      av_stream_get_side_data(&stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                              /*size=*/nullptr),
      av_stream_get_side_data(&stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                              /*size=*/nullptr));
}

HdrMetadata HdrMetadataOf(const AVFrame& picture) {
  return FromAv(SideDataOf(picture, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
                SideDataOf(picture, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL));
}

std::string DynamicHdrNote(const AVStream& stream, const AVFrame& picture) {
  if (av_stream_get_side_data(&stream, AV_PKT_DATA_DOVI_CONF,
                              /*size=*/nullptr) != nullptr) {
    return "Dolby Vision metadata is left out";
  }
  if (SideDataOf(picture, AV_FRAME_DATA_DYNAMIC_HDR_PLUS) != nullptr) {
    return "HDR10+ metadata is left out";
  }
  return "";
}

int SetHdrMetadata(const HdrMetadata& metadata, AVStream& stream) {
  if (metadata.mastering) {
    const int error =
        Add(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
            av_mastering_display_metadata_alloc(),
            sizeof(AVMasteringDisplayMetadata), ToAv(*metadata.mastering));
    if (error < 0) return error;
  }
  if (metadata.light) {
    size_t size = 0;
    AVContentLightMetadata* light = av_content_light_metadata_alloc(&size);
    const int error = Add(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, light, size,
                          {.MaxCLL = metadata.light->max_content,
                           .MaxFALL = metadata.light->max_frame_average});
    if (error < 0) return error;
  }
  return 0;
}

}  // namespace encoder_bridge
