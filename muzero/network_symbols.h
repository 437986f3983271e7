#ifndef MUZERO_NETWORK_SYMBOLS_H_
#define MUZERO_NETWORK_SYMBOLS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"

namespace muzero {

// What the shared library with LibTorch in it shows to network_library.cc.
// Both are of one build, so C++ types may pass between them.
// C linkage takes no StatusOr as a result: `model` gets it.
using CreateNetworkModelFn =
    void(const Checkpoint& checkpoint, Device device,
         absl::StatusOr<std::unique_ptr<Model>>& model);
inline constexpr char kCreateNetworkModelSymbol[] = "MuzeroCreateNetworkModel";

}  // namespace muzero

#endif  // MUZERO_NETWORK_SYMBOLS_H_
