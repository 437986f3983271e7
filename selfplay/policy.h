#ifndef SELFPLAY_POLICY_H_
#define SELFPLAY_POLICY_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "muzero/model.h"
#include "selfplay/batching_model.h"

namespace selfplay {

// A network, ready to plan any number of encodes at once.  Thread-safe.
class Policy {
 public:
  // `version` is that of its weights; 0 if they have none.
  explicit Policy(std::unique_ptr<muzero::Model> network, int64_t version = 0,
                  const BatchingConfig& batching = BatchingConfig())
      : network_(std::move(network)),
        batching_(*network_, batching),
        version_(version) {}

  // The model for one encode.  This object must outlive it.
  std::unique_ptr<muzero::Model> NewClient() { return batching_.NewClient(); }

  int64_t version() const { return version_; }

 private:
  const std::unique_ptr<muzero::Model> network_;
  BatchingModel batching_;
  const int64_t version_;
};

}  // namespace selfplay

#endif  // SELFPLAY_POLICY_H_
