#include "encoder_bridge/ffmpeg_versions.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/version.h>
}

#include <cstdint>

namespace encoder_bridge {

#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)  // FFmpeg 6.1.

int64_t DurationOf(const AVFrame& frame) { return frame.duration; }

bool IsInterlaced(const AVFrame& frame) {
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
}

const int32_t* DisplayMatrixOf(const AVStream& stream) {
  const AVPacketSideData* const matrix = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
      AV_PKT_DATA_DISPLAYMATRIX);
  return matrix == nullptr ? nullptr
                           : reinterpret_cast<const int32_t*>(matrix->data);
}

#else

int64_t DurationOf(const AVFrame& frame) { return frame.pkt_duration; }

bool IsInterlaced(const AVFrame& frame) { return frame.interlaced_frame != 0; }

const int32_t* DisplayMatrixOf(const AVStream& stream) {
  return reinterpret_cast<const int32_t*>(av_stream_get_side_data(
      &stream, AV_PKT_DATA_DISPLAYMATRIX, /*size=*/nullptr));
}

#endif

}  // namespace encoder_bridge
