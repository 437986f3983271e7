#ifndef MUZERO_NETWORK_LIBRARY_H_
#define MUZERO_NETWORK_LIBRARY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"

namespace muzero {

// NetworkModel::Create(), out of a shared library that the first call loads.
//
// LibTorch takes half a second to load: a program that uses no network, or not
// yet, is better off without.  Thread-safe.
//
// Errors: as NetworkModel::Create(); Unavailable if there is no such library
// beside the program, nor where it is installed.
absl::StatusOr<std::unique_ptr<Model>> CreateNetworkModel(
    const Checkpoint& checkpoint, Device device);

}  // namespace muzero

#endif  // MUZERO_NETWORK_LIBRARY_H_
