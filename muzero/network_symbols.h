#ifndef MUZERO_NETWORK_SYMBOLS_H_
#define MUZERO_NETWORK_SYMBOLS_H_

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

// What the shared library with LibTorch in it shows to network_library.cc.
// Both are of one build, so C++ types may pass between them.
struct NetworkSymbols {
  absl::StatusOr<std::unique_ptr<Model>> (*create_model)(
      const Checkpoint& checkpoint, Device device);
  absl::StatusOr<std::unique_ptr<Trainer>> (*create_trainer)(
      const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
      Device device);
  absl::StatusOr<std::unique_ptr<Trainer>> (*resume_trainer)(
      const Checkpoint& checkpoint, const TrainerConfig& config, Device device);
};

// The one symbol: a NetworkSymbols.
inline constexpr char kNetworkSymbolsName[] = "MuzeroNetworkSymbols";

}  // namespace muzero

#endif  // MUZERO_NETWORK_SYMBOLS_H_
