#include "selfplay/loaded_policy.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "muzero/checkpoint.h"
#include "muzero/network_library.h"
#include "muzero/sha256.h"
#include "selfplay/policy_network.h"

namespace selfplay {
namespace {

absl::Status Explain(const absl::Status& status, const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrContains(status.message(), path)
          ? std::string(status.message())
          : absl::StrCat("model ", path, ": ", status.message()));
}

}  // namespace

absl::StatusOr<muzero::Checkpoint> LoadPolicyCheckpoint(
    const std::string& path) {
  absl::StatusOr<muzero::Checkpoint> checkpoint = muzero::LoadCheckpoint(path);
  if (!checkpoint.ok()) return Explain(checkpoint.status(), path);
  const absl::Status fits = CheckModelFits(*checkpoint);
  if (!fits.ok()) return Explain(fits, path);
  return checkpoint;
}

LoadedPolicy::LoadedPolicy(std::unique_ptr<muzero::Model> network,
                           std::string sha256)
    : policy_(std::move(network)), sha256_(std::move(sha256)) {}

absl::StatusOr<std::shared_ptr<LoadedPolicy>> LoadedPolicy::Load(
    const std::string& path, muzero::Device device) {
  const auto checkpoint = LoadPolicyCheckpoint(path);
  if (!checkpoint.ok()) return checkpoint.status();
  auto network = muzero::CreateNetworkModel(*checkpoint, device);
  if (!network.ok()) return Explain(network.status(), path);
  return std::shared_ptr<LoadedPolicy>(new LoadedPolicy(
      *std::move(network),
      muzero::Sha256Hex(muzero::SerializeCheckpoint(*checkpoint))));
}

}  // namespace selfplay
