#include "muzero/network_symbols.h"

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_config.h"
#include "muzero/network_model.h"
#include "muzero/network_trainer.h"
#include "muzero/trainer.h"
#include "muzero/trainer_config.h"

namespace muzero {
namespace {

absl::StatusOr<std::unique_ptr<Model>> CreateModel(const Checkpoint& checkpoint,
                                                   Device device) {
  return NetworkModel::Create(checkpoint, device);
}

absl::StatusOr<std::unique_ptr<Trainer>> CreateTrainer(
    const NetworkConfig& network, const TrainerConfig& config, uint64_t seed,
    Device device) {
  return NetworkTrainer::Create(network, config, seed, device);
}

absl::StatusOr<std::unique_ptr<Trainer>> ResumeTrainer(
    const Checkpoint& checkpoint, const TrainerConfig& config, Device device) {
  return NetworkTrainer::Resume(checkpoint, config, device);
}

}  // namespace
}  // namespace muzero

extern "C" {
extern __attribute__((visibility("default")))
const muzero::NetworkSymbols MuzeroNetworkSymbols = {
    .create_model = muzero::CreateModel,
    .create_trainer = muzero::CreateTrainer,
    .resume_trainer = muzero::ResumeTrainer};
}
