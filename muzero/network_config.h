#ifndef MUZERO_NETWORK_CONFIG_H_
#define MUZERO_NETWORK_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "muzero/support.h"

namespace muzero {

// One thing the network foretells besides policy and value: a regression on
// every unrolled state.
struct AuxiliaryHead {
  std::string name;
  double weight = 1;  // Of its squared error in the loss.
  // What the network's output is multiplied with, then added to, so that it
  // has to learn numbers of size one.
  double scale = 1;
  double offset = 0;
};

// Shapes of the network; stored with its weights.  The defaults make about a
// million parameters.
struct NetworkConfig {
  // What goes in and out.
  int token_size = 0;
  int context_size = 0;
  int num_actions = 0;
  std::vector<AuxiliaryHead> auxiliary_heads;
  Support support;  // Of the categorical value.

  // Representation: a pre-norm transformer encoder read out at the focus.
  int token_width = 128;
  int num_attention_heads = 4;
  int num_layers = 3;
  int feed_forward_width = 256;

  // Dynamics and prediction: residual MLPs on the hidden state; the blocks of
  // prediction are shared by all its heads.
  int hidden_size = 256;
  int num_dynamics_blocks = 2;
  int num_prediction_blocks = 1;
  // Actions lie on a scale: their embedding is interpolated between this many
  // learned points of it.  0: one point for each action, no order.
  int num_action_knots = 16;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

}  // namespace muzero

#endif  // MUZERO_NETWORK_CONFIG_H_
