#include "encoder_bridge/filter_graph.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavutil/error.h>
}

#include <cerrno>

namespace encoder_bridge {

int BuildFilterGraph(const std::string& description, int threads,
                     FilterGraphHandle& graph) {
  graph.reset(avfilter_graph_alloc());
  if (graph == nullptr) return AVERROR(ENOMEM);
  graph->nb_threads = threads;
  AVFilterInOut* inputs = nullptr;
  AVFilterInOut* outputs = nullptr;
  int error = avfilter_graph_parse2(graph.get(), description.c_str(), &inputs,
                                    &outputs);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (error >= 0) error = avfilter_graph_config(graph.get(), nullptr);
  if (error >= 0) return 0;
  graph.reset();
  return error;
}

}  // namespace encoder_bridge
