#ifndef MUZERO_NETWORK_LIBRARY_H_
#define MUZERO_NETWORK_LIBRARY_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"

namespace muzero {

// Networks out of a shared library that the first call loads.
//
// LibTorch takes half a second to load: a program that uses no network, or not
// yet, is better off without.  Thread-safe.
//
// Errors: Unavailable if there is no such library beside the program, nor where
// it is installed; and those of the functions named.

// NetworkModel::Create().
absl::StatusOr<std::unique_ptr<Model>> CreateNetworkModel(
    const Checkpoint& checkpoint, Device device);

// NetworkTrainer::Create().
absl::StatusOr<std::unique_ptr<Trainer>> CreateNetworkTrainer(
    const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
    Device device);

// NetworkTrainer::Resume().
absl::StatusOr<std::unique_ptr<Trainer>> ResumeNetworkTrainer(
    const Checkpoint& checkpoint, const TrainerConfig& config, Device device);

}  // namespace muzero

#endif  // MUZERO_NETWORK_LIBRARY_H_
