#include "muzero/network_symbols.h"

#include <memory>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "muzero/network_model.h"

extern "C" __attribute__((visibility("default"))) void MuzeroCreateNetworkModel(
    const muzero::Checkpoint& checkpoint, muzero::Device device,
    absl::StatusOr<std::unique_ptr<muzero::Model>>& model) {
  model = muzero::NetworkModel::Create(checkpoint, device);
}
