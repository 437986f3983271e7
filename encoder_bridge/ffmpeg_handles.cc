#include "encoder_bridge/ffmpeg_handles.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/error.h>
}

#include <array>
#include <string>

namespace encoder_bridge {

void FfmpegFree::operator()(AVCodecContext* codec) const {
  avcodec_free_context(&codec);
}

void FfmpegFree::operator()(AVCodecParameters* parameters) const {
  avcodec_parameters_free(&parameters);
}

void FfmpegFree::operator()(AVFilterGraph* graph) const {
  avfilter_graph_free(&graph);
}

void FfmpegFree::operator()(AVFormatContext* input) const {
  avformat_close_input(&input);
}

void FfmpegFree::operator()(AVFrame* frame) const { av_frame_free(&frame); }

void FfmpegFree::operator()(AVPacket* packet) const { av_packet_free(&packet); }

std::string FfmpegErrorText(int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text = {};
  av_strerror(error, text.data(), text.size());
  return text.data();
}

}  // namespace encoder_bridge
