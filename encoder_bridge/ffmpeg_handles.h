#ifndef ENCODER_BRIDGE_FFMPEG_HANDLES_H_
#define ENCODER_BRIDGE_FFMPEG_HANDLES_H_

#include <memory>
#include <string>

struct AVCodecContext;
struct AVCodecParameters;
struct AVFilterGraph;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;

namespace encoder_bridge {

// Frees what FFmpeg's libraries allocated, each kind with its own function.
struct FfmpegFree {
  void operator()(AVCodecContext* codec) const;
  void operator()(AVCodecParameters* parameters) const;
  void operator()(AVFilterGraph* graph) const;
  void operator()(AVFormatContext* input) const;  // Closes an input.
  void operator()(AVFrame* frame) const;
  void operator()(AVPacket* packet) const;
};

using CodecHandle = std::unique_ptr<AVCodecContext, FfmpegFree>;
using CodecParametersHandle = std::unique_ptr<AVCodecParameters, FfmpegFree>;
using FilterGraphHandle = std::unique_ptr<AVFilterGraph, FfmpegFree>;
using InputHandle = std::unique_ptr<AVFormatContext, FfmpegFree>;
using FrameHandle = std::unique_ptr<AVFrame, FfmpegFree>;
using PacketHandle = std::unique_ptr<AVPacket, FfmpegFree>;

// What FFmpeg says about a negative return value, such as "End of file".
std::string FfmpegErrorText(int error);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FFMPEG_HANDLES_H_
