#ifndef ENCODER_BRIDGE_FILTER_GRAPH_H_
#define ENCODER_BRIDGE_FILTER_GRAPH_H_

#include <string>

#include "encoder_bridge/ffmpeg_handles.h"

namespace encoder_bridge {

// Makes the graph of `description` (FFmpeg's syntax, sources and sinks in it),
// on `threads` threads, ready for frames.  Returns 0, or FFmpeg's error, with
// `graph` null.
int BuildFilterGraph(const std::string& description, int threads,
                     FilterGraphHandle& graph);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FILTER_GRAPH_H_
