#ifndef MUZERO_TRAINER_CONFIG_H_
#define MUZERO_TRAINER_CONFIG_H_

#include "absl/status/status.h"

namespace muzero {

// How a network learns.
struct TrainerConfig {
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;  // Decoupled, as AdamW's; of matrices only.
  double max_gradient_norm = 5;
  double policy_weight = 1;
  double value_weight = 0.25;
  double auxiliary_weight = 1;
  // Gradient through each recurrent step is scaled by this [MuZero, App. G].
  double dynamics_gradient_scale = 0.5;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

}  // namespace muzero

#endif  // MUZERO_TRAINER_CONFIG_H_
