#ifndef SELFPLAY_LOADED_POLICY_H_
#define SELFPLAY_LOADED_POLICY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/device.h"
#include "muzero/model.h"
#include "selfplay/policy.h"

namespace selfplay {

// Reads a network that can plan encodes; needs no LibTorch.
// FailedPrecondition, naming `path` and the reason, for any other file.
absl::StatusOr<muzero::Checkpoint> LoadPolicyCheckpoint(
    const std::string& path);

// A trained network out of a file, ready to plan any number of encodes at once.
// Thread-safe.
class LoadedPolicy {
 public:
  // FailedPrecondition, naming `path` and the reason, for anything that keeps
  // the network in it from running on `device`.
  static absl::StatusOr<std::shared_ptr<LoadedPolicy>> Load(
      const std::string& path, muzero::Device device);

  // The model for one encode.  This object must outlive it.
  std::unique_ptr<muzero::Model> NewClient() { return policy_.NewClient(); }

  // SHA-256 of the file it came from, in hexadecimal.
  const std::string& sha256() const { return sha256_; }

 private:
  LoadedPolicy(std::unique_ptr<muzero::Model> network, std::string sha256);

  Policy policy_;
  const std::string sha256_;
};

}  // namespace selfplay

#endif  // SELFPLAY_LOADED_POLICY_H_
