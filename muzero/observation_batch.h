#ifndef MUZERO_OBSERVATION_BATCH_H_
#define MUZERO_OBSERVATION_BATCH_H_

// Includes LibTorch: for the few sources that compute.
#include <torch/types.h>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"
#include "muzero/network_config.h"

namespace muzero {

// Observations of different lengths, padded to the longest.
struct ObservationBatch {
  torch::Tensor tokens;   // [batch, tokens, token_size]
  torch::Tensor context;  // [batch, context_size]
  torch::Tensor focus;    // [batch] int64: index of the token in focus.
  // [batch, tokens] bool: true where there is no token.  Undefined if all
  // observations are of one length.
  torch::Tensor is_padding;
};

// On the CPU.  InvalidArgument, saying which and why, unless every observation
// is of the shape that `config` says.
absl::StatusOr<ObservationBatch> MakeObservationBatch(
    const NetworkConfig& config,
    absl::Span<const Observation* const> observations);

ObservationBatch ToDevice(const ObservationBatch& batch, torch::Device device);

}  // namespace muzero

#endif  // MUZERO_OBSERVATION_BATCH_H_
