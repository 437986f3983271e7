#ifndef MUZERO_LOSS_H_
#define MUZERO_LOSS_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/network.h"
#include "muzero/network_config.h"
#include "muzero/targets.h"
#include "muzero/trainer_config.h"

namespace muzero {

// Samples as tensors.  K is the number of unrolled steps.
struct TrainingBatch {
  ObservationBatch observations;
  torch::Tensor actions;        // [batch, K] int64
  torch::Tensor policy;         // [batch, K + 1, num_actions]; 0 where masked.
  torch::Tensor has_policy;     // [batch, K + 1]; 1, or 0 where masked.
  torch::Tensor value;          // [batch, K + 1]
  torch::Tensor value_two_hot;  // [batch, K + 1, support.size]
  // [batch, K + 1, num_auxiliary] in the heads' scale; 0 where masked.
  torch::Tensor auxiliary;
  torch::Tensor has_auxiliary;  // [batch, K + 1, num_auxiliary]; 1 or 0.
  torch::Tensor weight;         // [batch]
};

// On the CPU.  InvalidArgument, saying which sample and why, unless there is
// one at least and all are of the shapes that `config` and K say and of finite
// values.
absl::StatusOr<TrainingBatch> MakeTrainingBatch(
    const NetworkConfig& config, absl::Span<const Sample> samples);

// On `device`, with numbers of `type`.
TrainingBatch Convert(const TrainingBatch& batch, torch::Device device,
                      torch::ScalarType type);

struct Losses {
  torch::Tensor total;        // What is minimised.
  torch::Tensor policy;       // Mean cross-entropy where not masked, in nats.
  torch::Tensor value;        // Mean cross-entropy, in nats.
  torch::Tensor auxiliary;    // [num_auxiliary] mean squared error, ditto.
  torch::Tensor value_error;  // [batch] |value - target| at the root.
};

// Unrolls `network` along the actions of `batch` and compares, [MuZero, Eq. 1
// and App. G]:
//
//   total = 1/B Σ_b w_b ( l_0 + 1/K Σ_{k=1..K} l_k )
//   l_k = c_p l^p(π_k, p_k) + c_v l^v(z_k, v_k) + c_a Σ_h c_h (u_kh - û_kh)²
//
// with w_b the samples' weights, l^p and l^v cross-entropies, and u the
// auxiliary targets in their heads' scale.  The gradient with respect to the
// hidden state is scaled by config.dynamics_gradient_scale on its way into each
// recurrent step.
Losses ComputeLosses(const TrainerConfig& config, const TrainingBatch& batch,
                     Network& network);

}  // namespace muzero

#endif  // MUZERO_LOSS_H_
