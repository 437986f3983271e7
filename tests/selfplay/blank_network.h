#ifndef TESTS_SELFPLAY_BLANK_NETWORK_H_
#define TESTS_SELFPLAY_BLANK_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "muzero/checkpoint.h"
#include "muzero/network_config.h"
#include "muzero/network_shapes.h"
#include "selfplay/policy_network.h"

namespace selfplay {

// A small network of this program's shapes, all zeros, at `step`.
inline muzero::Checkpoint BlankNetwork(int64_t step) {
  muzero::NetworkConfig config = PolicyNetworkConfig();
  config.token_width = 4;
  config.num_attention_heads = 1;
  config.num_layers = 1;
  config.feed_forward_width = 4;
  config.hidden_size = 4;
  muzero::Checkpoint checkpoint = {
      .config = config, .step = step, .notes = PolicyNetworkNotes()};
  muzero::NetworkShapes shapes = muzero::ShapesOf(config);
  shapes.parameters.merge(shapes.buffers);
  for (const auto& [name, shape] : shapes.parameters) {
    int64_t size = 1;
    for (const int64_t extent : shape) size *= extent;
    checkpoint.weights[name] = {
        .shape = shape,
        .values = std::vector<float>(static_cast<std::size_t>(size), 0)};
  }
  return checkpoint;
}

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_BLANK_NETWORK_H_
