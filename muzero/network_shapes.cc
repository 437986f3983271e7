#include "muzero/network_shapes.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "muzero/network_config.h"
#include "muzero/tensor.h"

namespace muzero {
namespace {

using Shapes = std::map<std::string, std::vector<int64_t>>;

void AddLinear(const std::string& name, int64_t in, int64_t out,
               Shapes& shapes) {
  shapes[name + ".weight"] = {out, in};
  shapes[name + ".bias"] = {out};
}

void AddNorm(const std::string& name, int64_t width, Shapes& shapes) {
  shapes[name + ".weight"] = {width};
  shapes[name + ".bias"] = {width};
}

void AddLayer(const std::string& name, const NetworkConfig& config,
              Shapes& shapes) {
  const int64_t width = config.token_width;
  AddNorm(name + ".attention_norm", width, shapes);
  AddLinear(name + ".query", width, width, shapes);
  AddLinear(name + ".key_value", width, 2 * width, shapes);
  AddLinear(name + ".attention_out", width, width, shapes);
  AddNorm(name + ".feed_forward_norm", width, shapes);
  AddLinear(name + ".feed_forward_in", width, config.feed_forward_width,
            shapes);
  AddLinear(name + ".feed_forward_out", config.feed_forward_width, width,
            shapes);
}

void AddBlocks(const std::string& name, int num_blocks, int64_t width,
               Shapes& shapes) {
  for (int i = 0; i < num_blocks; ++i) {
    const std::string block = absl::StrCat(name, ".blocks.", i);
    AddLinear(block + ".in", width, width, shapes);
    AddLinear(block + ".out", width, width, shapes);
  }
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  return absl::StrCat("[", absl::StrJoin(shape, ", "), "]");
}

}  // namespace

NetworkShapes ShapesOf(const NetworkConfig& config) {
  const int64_t width = config.token_width;
  const int64_t hidden = config.hidden_size;
  NetworkShapes shapes;
  shapes.buffers["token_mean"] = {config.token_size};
  shapes.buffers["token_deviation"] = {config.token_size};
  shapes.buffers["context_mean"] = {config.context_size};
  shapes.buffers["context_deviation"] = {config.context_size};

  Shapes& parameters = shapes.parameters;
  AddLinear("representation.token_in", config.token_size, width, parameters);
  parameters["representation.context_in.weight"] = {width, config.context_size};
  for (int i = 0; i < config.num_layers; ++i) {
    AddLayer(absl::StrCat("representation.layers.", i), config, parameters);
  }
  AddNorm("representation.norm", width, parameters);
  AddLinear("representation.out", width, hidden, parameters);

  const int64_t num_points = config.num_action_knots > 0
                                 ? config.num_action_knots
                                 : config.num_actions;
  parameters["dynamics.action_points"] = {num_points, hidden};
  AddBlocks("dynamics", config.num_dynamics_blocks, hidden, parameters);

  AddBlocks("prediction", config.num_prediction_blocks, hidden, parameters);
  AddLinear("prediction.heads", hidden,
            int64_t{config.num_actions} + config.support.size +
                static_cast<int64_t>(config.auxiliary_heads.size()),
            parameters);
  return shapes;
}

int64_t NumParameters(const NetworkConfig& config) {
  int64_t total = 0;
  for (const auto& [name, shape] : ShapesOf(config).parameters) {
    int64_t size = 1;
    for (const int64_t extent : shape) size *= extent;
    total += size;
  }
  return total;
}

absl::Status CheckWeights(const NetworkConfig& config,
                          const NamedTensors& weights) {
  NetworkShapes shapes = ShapesOf(config);
  Shapes& wanted = shapes.parameters;
  wanted.merge(shapes.buffers);
  for (const auto& [name, shape] : wanted) {
    const auto it = weights.find(name);
    if (it == weights.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "tensor '", name, "' of shape ", ShapeText(shape), " is missing"));
    }
    if (it->second.shape != shape) {
      return absl::InvalidArgumentError(absl::StrCat(
          "tensor '", name, "' has shape ", ShapeText(it->second.shape),
          ", but the network needs ", ShapeText(shape)));
    }
  }
  for (const auto& [name, tensor] : weights) {
    if (wanted.contains(name)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("tensor '", name, "' of shape ", ShapeText(tensor.shape),
                     " is of no use to the network"));
  }
  return absl::OkStatus();
}

}  // namespace muzero
